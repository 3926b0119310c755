import { type APIRequestContext, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

async function openSchedule({
  page,
  context,
  request,
}: {
  page: Page;
  context: BrowserContext;
  request: APIRequestContext;
}) {
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", {
    name: `double click ${Date.now()}`,
    topic: "e2e.double",
    entity_type: "x",
    action: "y",
    cron_expression: "0 3 1 1 *",
  });
  const id = created.body.schedule_id as string;
  await signInByApi(context);
  await page.goto(`/schedules/${id}`);
  return {
    id,
    runs: async () => (await rest.executions(id)).filter((one) => one.trigger === "manual").length,
    remove: () => rest.delete(`/admin/schedules/${id}`),
  };
}

const openDialog = (page: Page) => page.getByRole("button", { name: "Run now", exact: true }).first().click();
const confirmIn = (page: Page) => page.getByRole("alertdialog").getByRole("button", { name: "Run now" });

test("a double click on Run now, or Enter held down, runs a schedule once", async ({ page, context, request }) => {
  const { runs, remove } = await openSchedule({ page, context, request });
  const confirm = confirmIn(page);

  await openDialog(page);
  await confirm.dblclick();
  await expect(confirm).toBeHidden();
  await expect.poll(runs).toBe(1);

  await openDialog(page);
  // Simulates Enter held down.
  await confirm.evaluate((button: HTMLButtonElement) => {
    for (let i = 0; i < 5; i += 1) button.form?.requestSubmit();
  });
  await expect(confirm).toBeHidden();
  await expect.poll(runs).toBe(2);
  await remove();
});

test("Run now runs once if its response was lost and the button is clicked again", async ({
  page,
  context,
  request,
}) => {
  const { runs, remove } = await openSchedule({ page, context, request });
  const confirm = confirmIn(page);
  let lost = 0;
  await page.route(/schedules\.execute/, async (route) => {
    await route.fetch();
    lost += 1;
    await route.abort("connectionreset");
  });
  await openDialog(page);
  await confirm.click();
  await expect.poll(() => lost).toBeGreaterThan(0);
  await expect.poll(runs).toBe(1);
  await expect(confirm).toBeEnabled();
  await page.unroute(/schedules\.execute/);
  await confirm.click();
  await expect(confirm).toBeHidden();
  expect(await runs()).toBe(1);
  await remove();
});

test("Run now in two tabs runs once for each tab", async ({ page, context, request }) => {
  const { id, runs, remove } = await openSchedule({ page, context, request });
  const other = await context.newPage();
  await other.goto(`/schedules/${id}`);
  for (const tab of [page, other]) await openDialog(tab);
  await Promise.all([page, other].map((tab) => confirmIn(tab).dblclick()));
  for (const tab of [page, other]) await expect(confirmIn(tab)).toBeHidden();
  await expect.poll(runs).toBe(2);
  await remove();
});
