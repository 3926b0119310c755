import { expect, type Page } from "@playwright/test";

export const ADMIN = { email: "admin@example.org", name: "Ada Admin", password: "correct-horse-battery" };

/** Creates the first account with the link that `npm start` printed. */
export async function setUpFirstAdmin(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: false }).first().fill(ADMIN.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
}

/** Signs in on the open `/login`. */
export async function signIn(page: Page, account = ADMIN): Promise<void> {
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page): Promise<void> {
  const item = page.getByRole("menuitem", { name: "Sign out" });
  // A click before hydration has no effect.
  await expect(async () => {
    await page.getByRole("button", { name: "Account" }).click();
    await expect(item).toBeVisible({ timeout: 2000 });
  }).toPass();
  await item.click();
  await expect(page).toHaveURL(/\/login/);
}
