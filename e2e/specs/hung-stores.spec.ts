import { expect, type Page, test } from "@playwright/test";
import { DashboardFrame } from "../pages/dashboard-frame";
import { signInByApi } from "../pages/sign-in-by-api";
import { type StackProcess, stackProcess } from "../parts/stack-processes";

/* A store that hangs, and a lost network: what the pages say, and how soon. */

const PAGES = [
  "/",
  "/schedules",
  "/executions",
  "/analytics",
  "/dead-letters",
  "/bulk",
  "/system",
  "/settings",
  "/account",
];
/** The measured figures are printed; this bound is for a machine that is busy otherwise. */
const SOON = { timeout: 15_000 };
const BACK = { timeout: 30_000 };
const STORES = [
  { name: "redis", title: "Redis does not respond" },
  { name: "clickhouse", title: "ClickHouse does not respond" },
] as const;

let hung: StackProcess | null = null;
test.beforeEach(({ context }) => signInByApi(context));
test.afterEach(async ({ request }) => {
  hung?.resume();
  hung = null;
  const health = async () => (await request.get("/api/v1/schedules/monitoring/health")).status();
  // The next spec wants a stack that is well.
  await expect.poll(health, { timeout: 60_000 }).toBe(200);
});

function hang(name: "redis" | "clickhouse"): () => number {
  hung = stackProcess(name);
  hung.hang();
  const at = Date.now();
  return () => (Date.now() - at) / 1000;
}

async function openOverview(page: Page): Promise<DashboardFrame> {
  const frame = new DashboardFrame(page);
  await page.goto("/");
  await expect(frame.liveIndicator()).toHaveText(/^Live/);
  await expect(frame.skeletons()).toHaveCount(0);
  return frame;
}

for (const { name, title } of STORES) {
  test(`a hung ${name}: every page says so within seconds, keeps its frame, and comes back`, async ({
    page,
    context,
  }) => {
    test.setTimeout(240_000);
    const frame = await openOverview(page);
    const seconds = hang(name);
    await expect(frame.banner()).toContainText(title, SOON);
    const bannerAfter = seconds();
    await expect(frame.liveIndicator()).toHaveText(/^Stale since \d\d:\d\d:\d\d$/, SOON);
    console.log(`${name}: banner after ${bannerAfter.toFixed(1)} s, ${await frame.liveIndicator().textContent()}`);

    for (const path of PAGES) {
      const other = await context.newPage();
      const opened = new DashboardFrame(other);
      const startedAt = Date.now();
      const response = await other.goto(path);
      expect(response?.status(), path).toBe(200);
      await expect(opened.navigation()).toBeVisible();
      await expect(opened.title(), path).toBeVisible(SOON);
      await expect(opened.banner(), path).toContainText(title, SOON);
      await expect(opened.skeletons(), path).toHaveCount(0, SOON);
      console.log(`${name}: ${path} complete after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      await other.close();
    }
    await expect(frame.liveIndicator()).toHaveText(/^Stale since/);

    const resumedAt = Date.now();
    hung?.resume();
    await expect(frame.banner()).toBeHidden(BACK);
    await expect(frame.liveIndicator()).toHaveText(/^Live/, BACK);
    console.log(`${name}: live again after ${((Date.now() - resumedAt) / 1000).toFixed(1)} s`);
  });
}

test("a session that cannot be verified keeps the frame, and its page opens by itself", async ({ page }) => {
  test.setTimeout(120_000);
  const frame = new DashboardFrame(page);
  hang("redis");
  const response = await page.goto("/system");
  expect(response?.status()).toBe(200);
  await expect(frame.navigation()).toBeVisible();
  await expect(frame.title()).toHaveText("Your session cannot be verified");
  await expect(frame.banner()).toContainText("Redis does not respond", SOON);
  hung?.resume();
  await expect(frame.title()).toHaveText("System", BACK);
});

test("a lost network: the page says so, and is live again with it", async ({ page, context }) => {
  const frame = await openOverview(page);
  const lostAt = Date.now();
  await context.setOffline(true);
  await expect(frame.banner()).toContainText("You are offline", SOON);
  console.log(`network: banner after ${((Date.now() - lostAt) / 1000).toFixed(1)} s`);
  await expect(frame.liveIndicator()).toHaveText(/^Stale since \d\d:\d\d:\d\d$/, SOON);
  await context.setOffline(false);
  await expect(frame.banner()).toBeHidden(BACK);
  await expect(frame.liveIndicator()).toHaveText(/^Live/, BACK);
});
