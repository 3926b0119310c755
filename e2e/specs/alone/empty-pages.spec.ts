import { expect } from "@playwright/test";
import { setUpFirstAdmin } from "../../pages/access-pages";
import { MAIN_PAGES } from "../../pages/all-pages";
import { signInByApi } from "../../pages/sign-in-by-api";
import { checkEverywhere, errorsOf } from "../../parts/accessibility";
import { test } from "../../parts/empty-stack";
import { lookAtPages } from "../../parts/look-at-pages";

/* A new installation: first without an account, then without data. */
test.describe.configure({ mode: "serial", timeout: 900_000 });

test("the set-up and the sign-in page are accessible", async ({ page }) => {
  const errors = errorsOf(page);
  await page.goto(process.env.E2E_SETUP_URL ?? "");
  await expect(page.getByRole("button", { name: "Create account" })).toBeVisible();
  await checkEverywhere(page, "first use /setup");
  await setUpFirstAdmin(page, process.env.E2E_SETUP_URL ?? "");
  // Without its cookie, the open dashboard would log errors.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await checkEverywhere(page, "signed out /login");
  expect(errors).toEqual([]);
});

test("every page without data is accessible, does not scroll sideways and logs no error", async ({ context }) => {
  await signInByApi(context);
  const paths = MAIN_PAGES.filter(({ needs }) => needs === undefined).map(({ path }) => path);
  expect(await lookAtPages(context, { state: "empty", depth: "brief", paths })).toEqual([]);
});
