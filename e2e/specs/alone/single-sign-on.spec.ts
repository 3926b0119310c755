import { expect, type Page } from "@playwright/test";
import {
  type IdentityProvider,
  type ProviderUser,
  startIdentityProvider,
} from "../../../server/testing/services/identity-provider";
import { signInByApi } from "../../pages/sign-in-by-api";
import { test } from "../../parts/empty-stack";
import { startSecondWeb } from "../../parts/second-web";

/*
 * The users of this web process sign in at an identity provider on loopback, which has its own login page. A change to
 * a user at the provider must take effect within a minute.
 */
test.describe.configure({ timeout: 240_000 });

const MINUTE_MS = 60_000;
/** Waits for up to a minute, the longest time until a change at the provider takes effect. */
const LOOK_AGAIN = { timeout: MINUTE_MS, intervals: [2000] };

let provider: IdentityProvider;
let web: Awaited<ReturnType<typeof startSecondWeb>>;

test.beforeAll(async ({ stack, browser }) => {
  const admin = await browser.newContext({ baseURL: stack.address });
  // Without this admin, the provider's first user would become the last admin and could not lose the role.
  await signInByApi(admin);
  await admin.close();
  web = await startSecondWeb(stack, async (publicUrl) => {
    provider = await startIdentityProvider({ publicUrl });
    return {
      ...{ PUBLIC_URL: publicUrl, OIDC_ISSUER: provider.issuer, OIDC_NAME: "Example ID" },
      ...{ OIDC_CLIENT_ID: provider.clientId, OIDC_CLIENT_SECRET: provider.clientSecret },
      OIDC_SCOPES: "openid email profile groups offline_access",
      OIDC_ROLE_MAP: "editors=editor,readers=viewer",
    };
  });
});
test.afterAll(async () => {
  await web.stop();
  await provider.stop();
});

function addUser(login: string, groups: string[]): ProviderUser {
  const user = { login, password: "at the provider", email: `${login}@example.org`, emailVerified: true };
  const added: ProviderUser = { ...user, name: `Person ${login}`, groups };
  provider.users.set(login, added);
  return added;
}

async function signInAtProvider(page: Page, { login, password }: ProviderUser, path = "/schedules"): Promise<void> {
  await page.goto(`${web.address}${path}`);
  await page.getByRole("link", { name: "Sign in with Example ID" }).click();
  await expect(page.getByRole("heading", { name: "Identity provider" })).toBeVisible();
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a user of the provider signs in, and returns to the requested page", async ({ page }) => {
  const user = addUser("ann", ["editors"]);
  await signInAtProvider(page, user, "/upcoming?window=6h");
  await expect(page).toHaveURL(`${web.address}/upcoming?window=6h`);
  await expect(page.getByRole("heading", { name: "Upcoming", level: 1 })).toBeVisible();
  await page.goto(`${web.address}/schedules`);
  await expect(page.getByRole("link", { name: "New schedule" }).first()).toBeVisible();
});

test("a changed group and a disabled user take effect within a minute", async ({ page }) => {
  const user = addUser("bea", ["editors"]);
  await signInAtProvider(page, user);
  await expect(page.getByRole("heading", { name: "Schedules", level: 1 })).toBeVisible();
  await expect(page.getByText("View only")).toBeHidden();

  user.groups = ["readers"];
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("View only")).toBeVisible({ timeout: 2000 });
  }).toPass(LOOK_AGAIN);

  user.disabled = true;
  await expect(async () => {
    await page.reload();
    await expect(page).toHaveURL(/\/login/, { timeout: 2000 });
  }).toPass(LOOK_AGAIN);
});

test("a user without a mapped group is told why, and is offered the sign-in by password", async ({ page }) => {
  await signInAtProvider(page, addUser("cid", ["others"]));
  await expect(page.getByText("None of your groups at the identity provider")).toBeVisible();
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("a sign-out ends the session in the dashboard and at the provider", async ({ page }) => {
  await signInAtProvider(page, addUser("dan", ["readers"]));
  await expect(page.getByRole("heading", { name: "Schedules", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out here too" }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.getByRole("link", { name: "Sign in with Example ID" }).click();
  await expect(page.getByLabel("Login")).toBeVisible();
});

test("a session that ends while a page is open continues after a sign-in at the provider, in another tab", async ({
  page,
}) => {
  const user = addUser("eva", ["editors"]);
  await signInAtProvider(page, user, "/account");
  await expect(page.getByRole("heading", { name: user.name, level: 1 })).toBeVisible();
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
  await expect(dialog).toBeVisible();
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    dialog.getByRole("link", { name: "Sign in with Example ID" }).click(),
  ]);
  // The provider may still have a session of the user. If not, it asks for the password again.
  const done = tab.getByRole("heading", { name: "You are signed in" });
  await expect(done.or(tab.getByLabel("Login"))).toBeVisible();
  if (await tab.getByLabel("Login").isVisible()) {
    await tab.getByLabel("Login").fill(user.login);
    await tab.getByLabel("Password").fill(user.password);
    await tab.getByRole("button", { name: "Continue" }).click();
  }
  await expect(done).toBeVisible();
  await tab.close();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Current password")).toHaveValue("kept while signing in");
});
