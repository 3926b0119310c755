import { type CDPSession, expect, type Page } from "@playwright/test";
import { signInByApi } from "../../pages/sign-in-by-api";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { newPerson } from "../../parts/callers";
import { test } from "../../parts/empty-stack";
import { rawHttp } from "../../parts/raw-http";

/** Passkeys belong to a host name, so the pages are opened under localhost. */
const localhost = (address: string) => address.replace("127.0.0.1", "localhost");

/** Adds Chromium's virtual authenticator, which asks nobody. With `isUserVerified`, it reports a correct PIN. */
async function addAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true },
      ...{ isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  return { cdp, authenticatorId };
}

test("a user adds a passkey, signs in with it without a password, and removes it", async ({ page, browser, stack }) => {
  const admin = await browser.newContext({ baseURL: stack.address });
  await signInByApi(admin);
  await admin.close();
  const person = await newPerson(rawHttp(stack.address), "viewer");
  const { cdp, authenticatorId } = await addAuthenticator(page);
  const errors = errorsOf(page);
  const login = `${localhost(stack.address)}/login?next=/account`;
  await page.goto(login);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await expect(async () => {
    // A click before the card has become interactive does nothing.
    if (!(await dialog.isVisible())) await page.getByRole("button", { name: "Add passkey" }).click({ timeout: 2000 });
    await expect(dialog).toBeVisible({ timeout: 2000 });
  }).toPass();
  await dialog.getByLabel("Name").fill("Laptop");
  await dialog.getByLabel("Your password").fill("a wrong password");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(dialog.getByText("The password is wrong.")).toBeVisible();
  await checkEverywhere(page, "add a passkey", { depth: "brief" });
  await dialog.getByLabel("Your password").fill(person.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("button", { name: "Rename Laptop" })).toBeVisible();
  await page.getByRole("button", { name: "Rename Laptop" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Work laptop");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Remove Work laptop" })).toBeVisible();
  await checkEverywhere(page, "account with a passkey", { depth: "brief" });

  await page.context().clearCookies();
  await page.goto(login);
  await checkEverywhere(page, "sign-in with passkeys", { depth: "brief" });
  // The browser refuses an authenticator that does not verify its owner.
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByText("No passkey was used")).toBeVisible({ timeout: 90_000 });
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Some Body", level: 1 })).toBeVisible();

  const confirm = page.getByRole("button", { name: "Remove passkey" });
  await expect(async () => {
    // The page has just loaded; a click before it has become interactive does nothing.
    if (!(await confirm.isVisible()))
      await page.getByRole("button", { name: "Remove Work laptop" }).click({ timeout: 2000 });
    await expect(confirm).toBeVisible({ timeout: 2000 });
  }).toPass();
  await confirm.click();
  await expect(page.getByText("You have no passkey yet.")).toBeVisible();
  await page.context().clearCookies();
  await page.goto(login);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByText("This passkey could not sign you in.")).toBeVisible();
  expect(errors.filter((line) => !/status of (401|422)/.test(line))).toEqual([]);
});
