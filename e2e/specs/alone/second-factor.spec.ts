import { expect, type Page } from "@playwright/test";
import { nextTotpCode, totpCode } from "../../../server/testing/totp";
import { signInByApi } from "../../pages/sign-in-by-api";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { newPerson, type Person } from "../../parts/callers";
import { test } from "../../parts/empty-stack";
import { rawHttp } from "../../parts/raw-http";
import { startSecondWeb } from "../../parts/second-web";

test.describe.configure({ timeout: 180_000 });

async function enterPassword(page: Page, person: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Opens the dialog of the account page. A click before hydration has no effect, so it is repeated. */
async function openSetUp(page: Page): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: "Set up" }).click({ timeout: 2000 });
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 2000 });
  }).toPass();
}

/** Goes from the password to the recovery codes. Returns the key of the app and the codes. */
async function setUp(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const secret = ((await page.getByRole("figure", { name: "Key" }).textContent()) ?? "").replaceAll(/\s/g, "");
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText("Is wrong, or was used before")).toBeVisible();
  await page.getByLabel("Code", { exact: true }).fill(totpCode(secret, Date.now()));
  await page.getByRole("button", { name: "Turn on" }).click();
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  return { secret, codes: await codes.allInnerTexts() };
}

test("a user sets up an authenticator app, signs in with it and with a recovery code, and turns it off", async ({
  page,
  stack,
}) => {
  await signInByApi(page.context());
  await page.context().clearCookies();
  const person = await newPerson(rawHttp(stack.address), "viewer");
  const errors = errorsOf(page);
  await page.goto("/login?next=/account");
  await enterPassword(page, person);
  await openSetUp(page);
  const { secret, codes } = await setUp(page, person.password);
  await checkEverywhere(page, "recovery codes", { depth: "brief" });
  await page.getByRole("button", { name: "I have kept the codes" }).click();
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();

  await page.context().clearCookies();
  await page.goto("/login?next=/account");
  await enterPassword(page, person);
  await page.getByLabel("Code", { exact: true }).fill("111111");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("The code is wrong, or was used before.")).toBeVisible();
  await checkEverywhere(page, "second factor at sign-in", { depth: "brief" });
  await page.getByLabel("Code", { exact: true }).fill(nextTotpCode(secret));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Some Body", level: 1 })).toBeVisible();

  // The session ends while the page is open: the dialog asks for the password and for a second factor.
  await page.context().clearCookies({ name: "stufio_session" });
  // The strength appears only once the form has become interactive, which resets what was entered before.
  await expect(async () => {
    await page.getByLabel("New password", { exact: true }).fill("");
    await page.getByLabel("New password", { exact: true }).fill("a-new-long-password");
    await expect(page.getByText(/^(Very weak|Weak|Too easy to guess|Good|Strong)/).first()).toBeVisible({
      timeout: 3000,
    });
  }).toPass();
  await page.getByLabel("Current password").fill("kept while signing in");
  await page.getByLabel("Confirm new password").fill("a-new-long-password");
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByLabel("Password", { exact: true }).fill(person.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.getByRole("button", { name: "Use a recovery code" }).click();
  await dialog.getByLabel("Recovery code").fill(codes[0] as string);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Current password")).toHaveValue("kept while signing in");
  await page.reload();
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();

  // The page has just loaded; a click before it has become interactive does nothing.
  await expect(async () => {
    await page.getByRole("button", { name: "Turn off" }).click({ timeout: 2000 });
    await expect(page.getByLabel("Your password")).toBeVisible({ timeout: 2000 });
  }).toPass();
  await page.getByLabel("Your password").fill(person.password);
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByText("Anyone who learns your password can sign in.")).toBeVisible();
  // Refused requests are expected; anything else is a fault.
  expect(errors.filter((line) => !/status of (401|422)/.test(line))).toEqual([]);
});

test("an admin resets the second factor of a user", async ({ page, stack, browser }) => {
  await signInByApi(page.context());
  const person = await newPerson(rawHttp(stack.address), "viewer");
  const own = await browser.newContext({ baseURL: stack.address });
  const ownPage = await own.newPage();
  await ownPage.goto("/login?next=/account");
  await enterPassword(ownPage, person);
  await openSetUp(ownPage);
  await setUp(ownPage, person.password);

  await page.goto("/settings/users");
  const row = page.getByRole("row").filter({ hasText: person.email });
  const item = page.getByRole("menuitem", { name: "Reset second factor" });
  await expect(async () => {
    await row.getByRole("button", { name: "Actions for Some Body" }).click({ timeout: 2000 });
    await expect(item).toBeVisible({ timeout: 2000 });
  }).toPass();
  await item.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Reset second factor" }).click();
  await expect(row.getByText("Second factor", { exact: true })).toBeHidden();
  await own.clearCookies();
  await ownPage.goto("/login?next=/account");
  await enterPassword(ownPage, person);
  await expect(ownPage.getByRole("heading", { name: "Some Body", level: 1 })).toBeVisible();
  await own.close();
});

test("if a second factor is required, pages lead to its set-up and REST is refused until then", async ({
  stack,
  browser,
}) => {
  const admin = await browser.newContext({ baseURL: stack.address });
  await signInByApi(admin);
  await admin.close();
  const person = await newPerson(rawHttp(stack.address), "viewer");
  const web = await startSecondWeb(stack, async () => ({ REQUIRE_SECOND_FACTOR: "true" }));
  const context = await browser.newContext({ baseURL: web.address });
  try {
    const page = await context.newPage();
    await page.goto("/login?next=/schedules");
    await enterPassword(page, person);
    await expect(page.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
    expect(new URL(page.url()).search).toBe("?next=%2Fschedules");
    await checkEverywhere(page, "required second factor", { depth: "brief" });
    const refused = await context.request.get("/admin/schedules");
    expect(refused.status()).toBe(401);
    await page.goto("/executions");
    await expect(page.getByRole("heading", { name: "Set up a second factor" })).toBeVisible();
    await setUp(page, person.password);
    await page.getByRole("button", { name: "I have kept the codes" }).click();
    await expect(page.getByRole("heading", { name: "Executions", level: 1 })).toBeVisible();
    expect((await context.request.get("/admin/schedules")).status()).toBe(200);
  } finally {
    await context.close();
    await web.stop();
  }
});
