import { expect, test } from "@playwright/test";
import { ScheduleForm } from "../pages/schedule-form";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("if two people edit a schedule, the second sees the changes of both before saving", async ({
  context,
  browser,
  request,
}) => {
  const rest = restClient(request);
  const name = `conflict ${Date.now()}`;
  const { body } = await rest.post("/admin/schedules", {
    name,
    topic: "e2e.conflict",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 * * *",
  });
  const edit = `/schedules/${body.schedule_id}/edit`;
  const other = await browser.newContext({ baseURL: test.info().project.use.baseURL });
  await Promise.all([signInByApi(context), signInByApi(other)]);
  const [first, second] = await Promise.all([other.newPage(), context.newPage()]);
  await Promise.all([first.goto(edit), second.goto(edit)]);
  const save = async (page: typeof first, cron: string) => {
    await page.getByLabel("Cron expression").fill(cron);
    await new ScheduleForm(page).review();
    await page.getByRole("dialog", { name: "Save these changes?" }).getByRole("button", { name: "Save" }).click();
  };
  await save(first, "0 4 * * *");
  await first.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  await second.getByLabel("Description").fill("mine");
  await save(second, "0 5 * * *");
  const conflict = second.getByRole("dialog", { name: "This schedule was changed while you edited it" });
  await expect(conflict.getByText("Changed by both")).toBeVisible();
  for (const cron of ["0 3 * * *", "0 4 * * *", "0 5 * * *"])
    await expect(conflict.getByText(cron).first()).toBeVisible();
  await expect(conflict.getByText("mine")).toBeVisible();
  expect((await rest.get(`/admin/schedules/${body.schedule_id}`)).body.cron_expression).toBe("0 4 * * *");
  await conflict.getByRole("button", { name: "Save my changes" }).click();
  await second.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  expect((await rest.get(`/admin/schedules/${body.schedule_id}`)).body).toMatchObject({
    cron_expression: "0 5 * * *",
    description: "mine",
  });
  await other.close();
  await rest.delete(`/admin/schedules/${body.schedule_id}`);
});
