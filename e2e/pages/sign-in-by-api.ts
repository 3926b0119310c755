import { type BrowserContext, expect } from "@playwright/test";
import { ADMIN } from "./access-pages";

/**
 * A session without the form: for specs that are about something else. Makes the first account if there is none yet.
 */
export async function signInByApi(context: BrowserContext): Promise<void> {
  const link = new URL(process.env.E2E_SETUP_URL ?? "");
  const headers = { origin: link.origin };
  // Refused where the account is there already.
  await context.request.post("/api/auth/setup", {
    headers,
    data: { ...ADMIN, token: link.searchParams.get("token") },
  });
  const { email, password } = ADMIN;
  const answer = await context.request.post("/api/auth/sign-in", { headers, data: { email, password } });
  expect(answer.status()).toBe(200);
}
