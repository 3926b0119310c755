import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("a double click on Run now, or Enter held down, runs a schedule once", async ({ page, context, request }) => {
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", {
    ...{ topic: "e2e.double", entity_type: "x", action: "y", cron_expression: "0 3 1 1 *" },
    name: `double click ${Date.now()}`,
  });
  const id = created.body.schedule_id;
  const runs = async () => (await rest.executions(id)).filter((one) => one.trigger === "manual").length;
  await signInByApi(context);
  await page.goto(`/schedules/${id}`);
  const open = page.getByRole("button", { name: "Run now", exact: true }).first();
  const confirm = page.getByRole("alertdialog").getByRole("button", { name: "Run now" });

  await open.click();
  await confirm.dblclick();
  await expect(confirm).toBeHidden();
  await expect.poll(runs).toBe(1);

  await open.click();
  await confirm.evaluate((button: HTMLButtonElement) => {
    for (let i = 0; i < 5; i += 1) button.form?.requestSubmit();
  });
  await expect(confirm).toBeHidden();
  await expect.poll(runs).toBe(2);
  await rest.delete(`/admin/schedules/${id}`);
});
