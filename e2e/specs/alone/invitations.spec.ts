import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import { signInByApi } from "../../pages/sign-in-by-api";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { test } from "../../parts/empty-stack";
import { startSecondWeb } from "../../parts/second-web";

test("an admin invites a person, who chooses a password; a reset link replaces it", async ({
  page,
  browser,
  stack,
}) => {
  const email = `${randomUUID()}@example.org`;
  const errors = errorsOf(page);
  await signInByApi(page.context());
  await page.goto("/settings/users");
  await expect(async () => {
    await page.getByRole("button", { name: "Invite user" }).click({ timeout: 2000 });
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 2000 });
  }).toPass();
  await checkEverywhere(page, "invite user", { depth: "brief" });
  const dialog = page.getByRole("dialog", { name: "Invite user" });
  await dialog.getByLabel("Name").fill("Nia New");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  const linkOf = async () => (await page.getByRole("figure", { name: "Link" }).textContent())?.trim() ?? "";
  await expect(page.getByRole("dialog", { name: "Invitation for Nia New" })).toBeVisible();
  const invitation = await linkOf();
  expect(invitation).toContain(`${stack.address}/password-link#`);
  await checkEverywhere(page, "invitation link", { depth: "brief" });
  await page.getByRole("button", { name: "Done" }).click();
  await page.setViewportSize({ width: 1280, height: 900 });
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row.getByText("invited, until")).toBeVisible();

  // A new link replaces the first one.
  await row.getByRole("button", { name: "New link for Nia New" }).click();
  await expect(page.getByRole("dialog", { name: "Invitation for Nia New" })).toBeVisible();
  const second = await linkOf();
  await page.getByRole("button", { name: "Done" }).click();
  const own = await browser.newContext({ baseURL: stack.address });
  const guest = await own.newPage();
  await guest.goto(invitation);
  await expect(guest.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await checkEverywhere(guest, "invalid link", { depth: "brief" });
  await guest.goto("/login");
  await guest.goto(second);
  await expect(guest.getByRole("heading", { name: "Welcome, Nia New" })).toBeVisible();
  await checkEverywhere(guest, "invitation", { depth: "brief" });
  expect(guest.url()).not.toContain("#");
  await guest.getByLabel("Password", { exact: true }).fill("violet-otter-bicycle");
  await guest.getByLabel("Confirm password").fill("another one");
  await guest.getByRole("button", { name: "Create password and sign in" }).click();
  await expect(guest.getByText("The passwords do not match.")).toBeVisible();
  await guest.getByLabel("Confirm password").fill("violet-otter-bicycle");
  await guest.getByRole("button", { name: "Create password and sign in" }).click();
  await expect(guest.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();

  await page.reload();
  await expect(row.getByText("invited")).toBeHidden();
  const item = page.getByRole("menuitem", { name: "Create reset link" });
  // A click before hydration has no effect, so it is repeated.
  await expect(async () => {
    await row.getByRole("button", { name: "Actions for Nia New" }).click({ timeout: 2000 });
    await expect(item).toBeVisible({ timeout: 2000 });
  }).toPass();
  await item.click();
  await expect(page.getByRole("dialog", { name: "Reset link for Nia New" })).toBeVisible();
  const reset = await linkOf();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(row.getByText("reset link, until")).toBeVisible();
  await own.clearCookies();
  await guest.goto(reset);
  await guest.getByLabel("Password", { exact: true }).fill("amber-walrus-lantern");
  await guest.getByLabel("Confirm password").fill("amber-walrus-lantern");
  await guest.getByRole("button", { name: "Save and sign in" }).click();
  await expect(guest.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await own.close();
  expect(errors).toEqual([]);
});

test("RECOVER_ADMIN logs a link at the start of the web process", async ({ page, browser, stack }) => {
  const admin = await browser.newContext({ baseURL: stack.address });
  await signInByApi(admin);
  const email = `${randomUUID()}@example.org`;
  const input = { email, name: "Lost Admin", role: "viewer", validHours: 1 };
  const answer = await admin.request.post("/api/trpc/access.inviteUser", {
    headers: { origin: stack.address },
    data: input,
  });
  expect(answer.status(), await answer.text()).toBe(200);
  await admin.close();
  const web = await startSecondWeb(stack, async () => ({ RECOVER_ADMIN: email }));
  try {
    const link = await web.logged(/"link":"([^"]+)"/);
    await page.goto(`${web.address}/password-link#${link.split("#")[1]}`);
    await page.getByLabel("Password", { exact: true }).fill("amber-walrus-lantern");
    await page.getByLabel("Confirm password").fill("amber-walrus-lantern");
    await page.getByRole("button", { name: /sign in/ }).click();
    await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
    await page.goto(`${web.address}/settings/users`);
    await expect(page.getByRole("button", { name: "Invite user" })).toBeVisible();
  } finally {
    await web.stop();
  }
});
