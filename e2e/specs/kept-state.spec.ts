import { expect, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/* The address keeps the state of a list over a reload, Back, and Previous. */

const tag = `kept-${Date.now()}`;
let scheduleId: string;

test.beforeAll(async ({ playwright }, { project }) => {
  const request = await playwright.request.newContext({ baseURL: project.use.baseURL });
  const rest = restClient(request);
  const event = { topic: "e2e.kept", entity_type: "page", action: "look", cron_expression: "0 3 1 1 *" };
  // Two more than the 50 rows of a page.
  const items = Array.from({ length: 52 }, (_, n) => ({ ...event, name: `${tag} ${n}`, tags: [tag] }));
  const { body } = await rest.post("/admin/schedules/batch", { items });
  scheduleId = body.items[0].schedule_id;
  for (let run = 0; run < 3; run += 1) await rest.post(`/admin/schedules/${scheduleId}/execute`, {});
  await expect.poll(async () => (await rest.executions(scheduleId)).length).toBe(3);
  await request.dispose();
});

test.beforeEach(({ context }) => signInByApi(context));

/** The parameters of the URL, without the cursor of the page. */
const parameters = (page: Page) => {
  const all = new URL(page.url()).searchParams;
  all.delete("cursor");
  return Object.fromEntries(all);
};

test("the schedules list keeps its tab, filters and sort", async ({ page }) => {
  await page.goto("/schedules");
  const search = page.getByRole("searchbox", { name: "Search schedules" });
  await page.getByRole("link", { name: "Recurring" }).click();
  await expect(page).toHaveURL(/tab=recurring/);
  await search.fill(tag);
  await expect(page).toHaveURL(/q=kept/);
  await page.getByLabel("Status", { exact: true }).click();
  await page.getByRole("option", { name: /^Active/ }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await expect(page).toHaveURL(/sort=name/);
  const kept = { tab: "recurring", q: tag, status: "active", sort: "name" };
  const expectKept = async () => {
    expect(parameters(page)).toEqual(kept);
    await expect(search).toHaveValue(tag);
    await expect(page.getByLabel("Status: Active")).toBeVisible();
    await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    await expect(page.getByRole("table", { name: "Schedules: Recurring" })).toBeVisible();
  };
  await expectKept();
  const pages = page.getByRole("navigation", { name: "Pages" });
  // A click has no effect while the rows of the previous order are shown, so it is repeated. It cannot go too far,
  // because the second page is the last.
  await expect(async () => {
    await pages.getByRole("button", { name: "Next" }).click();
    await expect(pages).toContainText("2 of 52 schedules", { timeout: 5000 });
  }).toPass();
  await expectKept();
  await page.reload();
  await expect(pages).toContainText("2 of 52 schedules");
  await expectKept();
  await page.getByRole("table").locator("tbody").getByRole("link").first().click();
  await page.waitForURL(/\/schedules\/[0-9a-f-]{36}/);
  await page.goBack();
  await expect(pages).toContainText("2 of 52 schedules");
  await expectKept();
  await pages.getByRole("button", { name: "Previous" }).click();
  await expect(pages).toContainText("50 of 52 schedules");
  await expectKept();
});

test("the executions list keeps its range, filters, sort and open sheet", async ({ page }) => {
  await page.goto(`/executions?schedule=${scheduleId}`);
  await page.getByRole("button", { name: "Last 24 hours" }).click();
  await page.getByRole("button", { name: "Last 7 days" }).click();
  await expect(page).toHaveURL(/range=7d/);
  await page.getByLabel("Outcome", { exact: true }).click();
  await page.getByRole("option", { name: /^Succeeded/ }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Lateness" }).getByRole("button").click();
  await expect(page).toHaveURL(/sort=lateness/);
  const rows = page.locator("tbody tr[data-row]");
  await expect(rows).toHaveCount(3);
  await rows.first().getByText("Succeeded").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("Timeline")).toBeVisible();
  const open = new URL(page.url()).searchParams.get("open") ?? "";
  const list = { schedule: scheduleId, range: "7d", status: "succeeded", sort: "lateness" };
  expect(parameters(page)).toEqual({ ...list, open });
  await page.reload();
  await expect(sheet.getByText("Timeline")).toBeVisible();
  expect(parameters(page)).toEqual({ ...list, open });
  await page.goBack();
  await expect(sheet).toBeHidden();
  expect(parameters(page)).toEqual(list);
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Last 7 days" })).toBeVisible();
  await expect(page.getByLabel("Outcome: Succeeded")).toBeVisible();
  await page.goForward();
  await expect(sheet.getByText("Timeline")).toBeVisible();
});
