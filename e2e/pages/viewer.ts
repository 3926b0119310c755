import { type Browser, type BrowserContext, expect } from "@playwright/test";

const VIEWER = { email: "viewer@example.org", name: "Vera Viewer", password: "correct-horse-battery", role: "viewer" };

/** Opens a context that is signed in as a viewer. `context` is that of an admin, who creates the account. */
export async function openAsViewer(context: BrowserContext, browser: Browser): Promise<BrowserContext> {
  const { origin } = new URL(process.env.E2E_SETUP_URL ?? "");
  const headers = { origin };
  const created = await context.request.post("/api/trpc/access.createUser", { headers, data: VIEWER });
  // 409: an earlier spec has created the account.
  expect([200, 409]).toContain(created.status());
  const viewer = await browser.newContext({ baseURL: origin });
  const { email, password } = VIEWER;
  const answer = await viewer.request.post("/api/auth/sign-in", { headers, data: { email, password } });
  expect(answer.status()).toBe(200);
  return viewer;
}
