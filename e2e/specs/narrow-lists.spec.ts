import { expect, type Page, test } from "@playwright/test";
import { isFullyShown, List } from "../pages/list";
import { signInByApi } from "../pages/sign-in-by-api";
import { violations } from "../parts/accessibility";
import { breakTopic, repairTopic } from "../parts/broken-topic";
import { restClient } from "../parts/rest";

const TOPIC = "e2e.narrow-lists";
/** Longer than any column. */
const NAME = `narrow ${Date.now()} ${"a name that is long ".repeat(8)}`.trim();
const ERROR = /is not a stream/;
const QUERY = encodeURIComponent(NAME);

interface ListCase {
  path: string;
  list: string;
  /** A text in the row; by default the name of the schedule. */
  text?: string;
  /** Texts and buttons that the row must show. */
  parts: (RegExp | { button: RegExp })[];
}
const LISTS: ListCase[] = [
  {
    path: `/schedules?q=${QUERY}`,
    list: "Schedules: All",
    parts: [/^Dead/, ERROR, /^in \d+/, { button: /^Run .* now$/ }, { button: /^Pause/ }, { button: /^More for/ }],
  },
  { path: `/executions?q=${QUERY}`, list: "Executions, newest first", parts: [/^Dead/, ERROR] },
  { path: "/schedules/:id?tab=executions", list: "Executions of this schedule", text: "Dead", parts: [/^Dead/, ERROR] },
  {
    path: `/dead-letters?q=${QUERY}`,
    list: "Dead letters, newest first",
    parts: [/^Dead/, ERROR, { button: /^Replay/ }],
  },
  { path: "/bulk", list: "Bulk jobs, newest first", text: "Retag", parts: [/^Done$/, /^1 of 1$/] },
  {
    path: "/audit?target=:id",
    list: "Audit entries, newest first",
    text: "Edited schedule",
    parts: [/^Edited schedule$/, /ago$/],
  },
  {
    path: "/schedules/:id?tab=activity",
    list: "Audit entries of this schedule, newest first",
    text: "Created schedule",
    parts: [/ago$/],
  },
  { path: "/", list: "Recent failures", parts: [/^Dead/, ERROR] },
  { path: "/", list: "Schedules with failures", parts: [/^\d+ of \d+/] },
];

let scheduleId: string;

test.beforeAll(async ({ playwright }, { project }) => {
  await breakTopic(TOPIC);
  const request = await playwright.request.newContext({ baseURL: project.use.baseURL });
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", {
    name: NAME,
    topic: TOPIC,
    entity_type: "page",
    action: "look",
    tags: ["one-tag", "another-tag"],
    max_retries: 0,
    cron_expression: "0 3 * * *",
  });
  scheduleId = body.schedule_id;
  await rest.post(`/admin/schedules/${scheduleId}/execute`, {});
  await expect.poll(async () => (await rest.executions(scheduleId))[0]?.status).toBe("dead");
  const bulk = await rest.post("/admin/schedules/bulk", {
    action: "retag",
    ids: [scheduleId],
    add_tags: ["third-tag"],
    remove_tags: [],
  });
  expect(bulk.status).toBe(202);
  await request.dispose();
});

// A broken topic would make the shared stack unhealthy for the next specs.
test.afterAll(async ({ playwright }, { project }) => {
  await repairTopic(TOPIC);
  const request = await playwright.request.newContext({ baseURL: project.use.baseURL });
  const rest = restClient(request);
  await rest.post("/api/v1/schedules/monitoring/breakers/reset", { name: `topic:${TOPIC}` });
  await rest.delete(`/admin/schedules/${scheduleId}`);
  await request.dispose();
});

test("outcome, error and actions of a row are visible at 1280 and at 390 px", async ({ page, context }) => {
  test.setTimeout(180_000);
  await signInByApi(context);
  for (const path of new Set(LISTS.map((one) => one.path))) {
    const lists = LISTS.filter((one) => one.path === path);
    await page.goto(path.replace(":id", scheduleId));
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const listCase of lists) {
        const row = await firstRow(page, listCase);
        for (const part of listCase.parts) {
          const target = part instanceof RegExp ? row.getByText(part) : row.getByRole("button", { name: part.button });
          await expect(target.first(), `${path}: ${JSON.stringify(part)}`).toBeVisible();
          const what = `${listCase.list}, ${width} px: ${String(part)}`;
          // Columns may still move after the width has changed.
          await expect.poll(() => isFullyShown(target.first()), what).toBe(true);
        }
      }
      // axe reports a control as too small if the sticky header covers half of it.
      await page.evaluate(() => scrollTo(0, 0));
      expect.soft(await violations(page), `${path}, ${width} px`).toEqual([]);
    }
  }
});

async function firstRow(page: Page, { list, text = NAME }: ListCase) {
  const row = new List(page, list).row(text);
  await expect(row).toBeVisible();
  return row;
}

test("a list is a table, and below 640 px a list of cards with the same keys and checkboxes", async ({
  page,
  context,
}) => {
  await signInByApi(context);
  await page.goto(`/schedules?q=${QUERY}`);
  const list = new List(page, "Schedules: All");
  await expect(list.table().getByRole("rowheader")).toHaveCount(1);
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(list.table()).toHaveCount(0);
  const card = list.cards().getByRole("listitem");
  await expect(card).toHaveCount(1);
  // A key before hydration has no effect. In a list of one row, a further "j" keeps the focus.
  await expect(async () => {
    await page.keyboard.press("j");
    await expect(card).toBeFocused({ timeout: 2000 });
  }).toPass();
  await page.keyboard.press("x");
  await expect(card.getByRole("checkbox")).toBeChecked();
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/schedules/${scheduleId}$`));
});
