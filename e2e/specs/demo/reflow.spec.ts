import { expect, type Page } from "@playwright/test";
import { signInByApi } from "../../pages/sign-in-by-api";
import { checkReflow } from "../../parts/accessibility";
import { test } from "../../parts/demo-stack";

/** The width at which WCAG 1.4.10 requires reflow (1280 px at a zoom of 400%). */
const WIDTH = 320;
/** The main lists and forms. */
const PAGES = [
  "/schedules",
  "/executions",
  "/executions?view=failures&range=7d",
  "/dead-letters",
  "/audit",
  "/upcoming?tab=firings",
  "/system",
  "/schedules/new",
  "/settings",
];

test("the main lists and forms are accessible at 320 px, and do not scroll sideways", async ({ context }) => {
  await signInByApi(context);
  const queue = [...PAGES];
  const look = async (page: Page) => {
    await page.setViewportSize({ width: WIDTH, height: 900 });
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 }).first(), path).toBeVisible();
      await checkReflow(page, `${path}, ${WIDTH} px`);
    }
  };
  await Promise.all([look(await context.newPage()), look(await context.newPage())]);
});
