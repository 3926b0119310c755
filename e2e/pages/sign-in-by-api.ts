import { type BrowserContext, expect } from "@playwright/test";
import { ADMIN } from "./access-pages";

/** Signs in without the form, for specs that test something else. Creates the first account if there is none. */
export async function signInByApi(context: BrowserContext): Promise<void> {
  const link = new URL(process.env.E2E_SETUP_URL ?? "");
  const headers = { origin: link.origin };
  // Refused if the account exists.
  await context.request.post("/api/auth/setup", {
    headers,
    data: { ...ADMIN, token: link.searchParams.get("token") },
  });
  const { email, password } = ADMIN;
  const answer = await context.request.post("/api/auth/sign-in", { headers, data: { email, password } });
  expect(answer.status()).toBe(200);
}
