import { type BrowserContext, expect, type Page } from "@playwright/test";
import { MAIN_PAGES, pathWith } from "../../pages/all-pages";
import { DashboardFrame } from "../../pages/dashboard-frame";
import { signInByApi } from "../../pages/sign-in-by-api";
import { test } from "../../parts/empty-stack";
import { lookAtPages } from "../../parts/look-at-pages";
import { restClient } from "../../parts/rest";
import { type StackProcess, stackProcess } from "../../parts/stack-processes";

/** Limit for showing an outage. Generous, because other tests slow the machine; the measured times are printed. */
const SOON = { timeout: 45_000 };
/** Limit for the recovery after an outage. */
const BACK = { timeout: 45_000 };
const REACH = "/api/v1/schedules/monitoring/reach";
const STORES = [
  { name: "redis", title: "Redis does not respond" },
  { name: "clickhouse", title: "ClickHouse does not respond" },
] as const;

let ids: { schedule: string; execution: string; job: string };

test.beforeAll(async ({ playwright, stack }) => {
  const request = await playwright.request.newContext({ baseURL: stack.address });
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", {
    name: "hung stores",
    topic: "e2e.hung",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 * * *",
  });
  const schedule: string = created.body.schedule_id;
  const run = await rest.post(`/admin/schedules/${schedule}/execute`, {});
  const bulk = { action: "retag", ids: [schedule], add_tags: ["hung"], remove_tags: [] };
  const job = await rest.post("/admin/schedules/bulk", bulk);
  await expect.poll(async () => (await rest.executions(schedule)).length).toBe(1);
  ids = { schedule, execution: run.body.execution_id, job: job.body.job_id };
  await request.dispose();
});

let hung: StackProcess | null = null;
test.beforeEach(({ context }) => signInByApi(context));
test.afterEach(async ({ request }) => {
  hung?.resume();
  hung = null;
  const health = async () => (await request.get("/api/v1/schedules/monitoring/health")).status();
  // The next spec needs a healthy stack.
  await expect.poll(health, { timeout: 60_000 }).toBe(200);
});

/** Suspends a store, at most until `afterEach`. Returns a function for the seconds since then. */
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
  test(`while ${name} hangs, every page but the wall names it in its frame, and then the overview is live again`, async ({
    page,
    context,
    browser,
    stack,
  }) => {
    test.setTimeout(360_000);
    // Each context has its own connections, so that the slow requests of one do not delay those of the other.
    const second = await browser.newContext({ baseURL: stack.address });
    await signInByApi(second);
    const frame = await openOverview(page);
    const seconds = hang(name);
    await expect(frame.banner()).toContainText(title, SOON);
    const bannerAfter = seconds();
    await expect(frame.liveIndicator()).toHaveText(/^Stale since \d\d:\d\d:\d\d$/, SOON);
    console.log(`${name}: banner after ${bannerAfter.toFixed(1)} s, ${await frame.liveIndicator().textContent()}`);

    const look = (at: BrowserContext, paths: string[]) =>
      lookAtPages(at, {
        state: `${name} hangs`,
        paths,
        depth: "brief",
        async opened(other, path) {
          const otherFrame = new DashboardFrame(other);
          if (path === "/wall") return;
          await expect(
            otherFrame.navigation().or(other.getByRole("button", { name: "Open navigation" })),
          ).toBeVisible();
          await expect(otherFrame.banner(), path).toContainText(title, SOON);
          await expect(otherFrame.skeletons(), path).toHaveCount(0, SOON);
        },
      });
    const paths = MAIN_PAGES.map(({ path }) => pathWith(path, ids));
    const half = Math.ceil(paths.length / 2);
    const errors = (await Promise.all([look(context, paths.slice(0, half)), look(second, paths.slice(half))])).flat();
    await second.close();
    expect(errors.filter((line) => !/status of 50[0-9]|ERR_|Failed to fetch/.test(line))).toEqual([]);
    await expect(frame.liveIndicator()).toHaveText(/^Stale since/);

    const resumedAt = Date.now();
    hung?.resume();
    await expect(frame.banner()).toBeHidden(BACK);
    await expect(frame.liveIndicator()).toHaveText(/^Live/, BACK);
    console.log(`${name}: live again after ${((Date.now() - resumedAt) / 1000).toFixed(1)} s`);
  });
}

test("a page is shown before its late data, and shows the data when ClickHouse responds", async ({ page }) => {
  // The server streams data only if its last pings reached both stores.
  await expect.poll(async () => (await page.request.get(REACH)).json()).toEqual({ redis: true, clickhouse: true });
  const errors: string[] = [];
  page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  const frame = new DashboardFrame(page);
  hang("clickhouse");
  await page.goto("/schedules", { waitUntil: "commit" });
  // The page itself is shown, not its loading state.
  await expect(frame.liveIndicator()).toBeVisible();
  await expect(frame.skeletons()).not.toHaveCount(0);
  hung?.resume();
  await expect(page.getByRole("link", { name: "hung stores" })).toBeVisible(BACK);
  await expect(frame.skeletons()).toHaveCount(0);
  expect(errors).toEqual([]);
});

test("a page with an unverified session keeps its frame and reloads when Redis responds", async ({ page }) => {
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

test("a page reports a lost network and becomes live again when the network is back", async ({ page, context }) => {
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
