import { expect, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { violations } from "../parts/accessibility";
import { restClient } from "../parts/rest";

/** Every page; `:id` is a schedule that has run. */
const PAGES = [
  "/",
  "/schedules",
  "/schedules?q=nothing-is-called-like-this",
  "/schedules/new",
  "/schedules/:id",
  "/schedules/:id?tab=executions",
  "/schedules/:id?tab=upcoming",
  "/schedules/:id?tab=payload",
  "/schedules/:id/edit",
  "/schedules/:id/duplicate",
  "/executions",
  "/executions?status=dead&q=nothing-is-called-like-this",
  "/dead-letters",
  "/dead-letters?tab=refused",
  "/bulk",
  "/analytics",
  "/settings",
  "/settings/users",
  "/settings/api-keys",
  "/system",
  "/account",
];
const LOOKS = [
  { theme: "light", width: 1280 },
  { theme: "dark", width: 1280 },
  { theme: "light", width: 390 },
  { theme: "dark", width: 390 },
] as const;

let scheduleId: string;

test.beforeAll(async ({ playwright }, { project }) => {
  const request = await playwright.request.newContext({ baseURL: project.use.baseURL });
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", {
    name: `Every page ${Date.now()}`,
    topic: "e2e.pages",
    entity_type: "page",
    action: "look",
    payload: { n: 1 },
    cron_expression: "*/5 * * * * *",
  });
  scheduleId = body.schedule_id;
  await expect.poll(async () => (await rest.executions(scheduleId)).length).toBeGreaterThan(0);
  await request.dispose();
});

for (const { theme, width } of LOOKS) {
  test(`every page is accessible, fits and logs no error: ${theme}, ${width} px`, async ({ page, context }) => {
    test.setTimeout(240_000);
    await signInByApi(context);
    await context.addCookies([{ name: "theme", value: theme, url: process.env.E2E_SETUP_URL ?? "" }]);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ reducedMotion: "reduce" });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (line) => line.type() === "error" && complaints.push(`${page.url()}: ${line.text()}`));
    for (const path of PAGES) {
      await page.goto(path.replace(":id", scheduleId));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      // Content that loads after the first paint is part of the page.
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      expect.soft(await violations(page), path).toEqual([]);
      expect.soft(await overflow(page), `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
