import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import { ScheduleForm } from "../../pages/schedule-form";
import { signInByApi } from "../../pages/sign-in-by-api";
import { type ClickCounter, countClicks } from "../../parts/click-counter";
import { test } from "../../parts/demo-stack";
import { restClient } from "../../parts/rest";

/*
 * Ten questions and tasks of an operator. Each starts at the overview and is limited to a number of pointer clicks and
 * key presses. Typing into fields does not count.
 */
test.describe.configure({ timeout: 180_000 });

/** Maximum number of pointer clicks and key presses. */
const LIMITS = { question: 2, change: 6 };
const PAUSED = "catalog.import-prices";
/** Printed at the end. */
const table: { question: string; clicks: number; answer: string }[] = [];

let context: BrowserContext;
let page: Page;
let clicks: ClickCounter;
let rest: ReturnType<typeof restClient>;

test.beforeAll(async ({ browser, stack }) => {
  context = await browser.newContext({ baseURL: stack.address, viewport: { width: 1440, height: 900 } });
  clicks = await countClicks(context);
  await signInByApi(context);
  page = await context.newPage();
  rest = restClient(context.request);
});
test.afterAll(async () => {
  const width = Math.max(...table.map(({ question }) => question.length));
  console.log(`${"question".padEnd(width)} | clicks | answer`);
  for (const { question, clicks: count, answer } of table) {
    console.log(
      `${question.padEnd(width)} | ${String(count).padStart(6)} | ${answer.replace(/\s+/g, " ").slice(0, 160)}`,
    );
  }
  await context.close();
});

/** Tests that `find` finds the answer within the limit. */
function ask(kind: keyof typeof LIMITS, question: string, find: () => Promise<string>): void {
  test(question, async () => {
    await page.goto("/");
    await expect(page.getByRole("list", { name: "Next runs" }).getByRole("listitem").first()).toBeVisible();
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    clicks.reset();
    const answer = await find();
    const count = clicks.count();
    table.push({ question, clicks: count, answer });
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(LIMITS[kind]);
  });
}

/** Opens the palette with Ctrl+K, types, and presses Enter on the result with this name. */
async function command(text: string, result: string | RegExp): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /^Search schedules/ }).fill(text);
  const option = page.getByRole("option", { name: result });
  await expect(option).toBeVisible();
  await expect(option).toHaveAttribute("data-highlighted", "");
  await page.keyboard.press("Enter");
}

/** The visible text, with spaces between cells. */
const textOf = async (part: Locator) => (await part.allInnerTexts()).join(" ");

const firstRow = (name: string) => page.getByRole("table", { name }).locator("tbody tr[data-row]").first();

ask("question", "What failed last night, and why?", async () => {
  await page.getByRole("link", { name: /Failed, last 24 h/ }).click();
  const row = firstRow("Executions, newest first");
  const { body } = await rest.get("/admin/executions?status=dead&status=expired&limit=1");
  await expect(row).toContainText(body.items[0].error);
  await expect(page.getByLabel("Outcome: Dead, Expired")).toBeVisible();
  return textOf(row);
});

ask("question", "Which execution had the longest lateness?", async () => {
  await page.getByRole("link", { name: /Lateness p95/ }).click();
  const row = firstRow("Executions, longest lateness first");
  const { body } = await rest.get(
    `/admin/executions?sort=lateness&limit=1&from=${new Date(Date.now() - 86_400_000).toISOString()}`,
  );
  await expect(row).toContainText(body.items[0].schedule_name);
  return textOf(row);
});

ask("question", "What fires in the next hour?", async () => {
  await page.getByRole("link", { name: "Upcoming", exact: true }).first().click();
  await page.getByRole("link", { name: "Next runs" }).click();
  const rows = page.getByRole("table", { name: "Next runs, soonest first" }).locator("tbody tr");
  await expect(rows.first()).toContainText(/in \d+ (seconds?|minutes?|s|min)|now|due/);
  // The demo's schedule ops.heartbeat fires every minute.
  await expect(rows.filter({ hasText: "ops.heartbeat" }).first()).toBeVisible();
  return `${await rows.count()} runs shown, first: ${await textOf(rows.first())}`;
});

ask("question", `Who paused ${PAUSED}?`, async () => {
  await command(PAUSED, PAUSED);
  const banner = page.getByText(/^Paused .* by ana@example.org/);
  await expect(banner).toBeVisible();
  await expect(page.getByText("The supplier moves its servers, INC-2041").first()).toBeVisible();
  return textOf(banner);
});

ask("question", `Why did ${PAUSED} not run at 08:00?`, async () => {
  await command(`why ${PAUSED} at 08:00`, /^Why didn't catalog\.import-prices run at \d{4}-\d\d-\d\d 08:00\?/);
  const answer = page
    .getByRole("status")
    .filter({ hasText: /paused/ })
    .getByRole("listitem")
    .first();
  await expect(answer).toContainText(/ana@example.org/);
  return textOf(answer);
});

ask("change", "Pause the 200 schedules of a topic, and undo it", async () => {
  const topic = `bulk-${Date.now()}`;
  const items = Array.from({ length: 200 }, (_, n) => ({
    name: `${topic} ${n}`,
    topic,
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 1 1 *",
  }));
  expect((await rest.post("/admin/schedules/batch", { items })).status).toBe(207);
  const paused = async () => {
    const { body } = await rest.get(`/admin/schedules?topic=${topic}&status=paused&limit=1000`);
    return body.items.length;
  };
  await command(`pause ${topic}`, `Pause all schedules of ${topic}…`);
  const dialog = page.getByRole("alertdialog", { name: "Pause 200 schedules?" });
  await dialog.getByLabel("Note").fill("INC-2041");
  await dialog.getByRole("textbox").last().fill("200");
  await dialog.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("200 of 200")).toBeVisible();
  await expect.poll(paused).toBe(200);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("alertdialog", { name: "Undo this job?" }).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "Undo", level: 1 })).toBeVisible();
  await expect.poll(paused, { timeout: 30_000 }).toBe(0);
  return "200 paused, 0 paused after the undo";
});

/** The last Sunday of March, on which Berlin's clocks skip 02:30. */
function nextGapDay(now: Date): number {
  const year = now.getUTCMonth() < 2 ? now.getUTCFullYear() : now.getUTCFullYear() + 1;
  const last = new Date(Date.UTC(year, 2, 31));
  return 31 - last.getUTCDay();
}

ask("change", "Create a schedule for a time that a clock change skips", async () => {
  const form = new ScheduleForm(page);
  await page.getByRole("link", { name: "New schedule" }).first().click();
  await form.fillEvent({ name: `gap ${Date.now()}`, topic: "crm.events", entityType: "user", action: "greet" });
  await page.getByLabel("Cron expression").fill(`30 2 ${nextGapDay(new Date())} 3 *`);
  await page.getByRole("combobox", { name: "Time zone" }).fill("Berlin");
  await page
    .getByRole("option", { name: /Berlin/ })
    .first()
    .click();
  const note = page.getByText(/02:30 does not exist/).first();
  await expect(note).toBeVisible();
  const noteText = await textOf(note);
  await form.create();
  await expect(page.getByText(/02:30 does not exist/).first()).toBeVisible();
  return noteText;
});

ask("change", "Save an edit that conflicts with another person's", async () => {
  const { body } = await rest.get("/admin/schedules?q=crm.score-leads");
  const { schedule_id: id } = body.items[0];
  const description = `Scores leads, as the sales team wants it since ${Date.now()}`;
  const cron = `${Date.now() % 60} * * * *`;
  await command("edit crm.score-leads", "Edit crm.score-leads");
  await page.getByLabel("Description").fill(description);
  await rest.patch(`/admin/schedules/${id}`, { cron_expression: cron });
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("dialog", { name: "Save these changes?" }).getByRole("button", { name: "Save" }).click();
  const conflict = page.getByRole("dialog", { name: "This schedule was changed while you edited it" });
  await expect(conflict.getByText(cron).first()).toBeVisible();
  await conflict.getByRole("button", { name: "Save my changes" }).click();
  await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  const saved = await rest.get(`/admin/schedules/${id}`);
  expect(saved.body).toMatchObject({
    cron_expression: cron,
    description,
  });
  return "Both changes are saved, after the dialog showed theirs and yours";
});

ask("change", "Replay a failed execution with an edited payload", async () => {
  await page.getByRole("list", { name: "Recent failures" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Replay", exact: true }).first().click();
  await page.getByRole("button", { name: "Edit payload and headers" }).click();
  await page.getByRole("textbox", { name: "Payload" }).fill('{"corrected": true}');
  await page.getByRole("button", { name: "Replay with changes" }).click();
  await expect(page.getByText(/^Replay \d+ \(this one\)/)).toBeVisible();
  await expect(page.getByText('"corrected": true')).toBeVisible();
  return "The new execution links its original and shows the edited payload";
});

ask("change", "Export yesterday's failures", async () => {
  await page.getByRole("link", { name: /Failed, last 24 h/ }).click();
  await expect(firstRow("Executions, newest first")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /^CSV/ }).click();
  const file = await download;
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const [header = "", ...lines] = Buffer.concat(chunks).toString().trim().split(/\r?\n/);
  expect(header).toContain("scheduled_for");
  expect(lines.length).toBeGreaterThan(1);
  return `${file.suggestedFilename()}: ${lines.length} rows of ${header.split(",").length} columns`;
});
