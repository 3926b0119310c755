import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("a version is restored from the schedule's page, and the audit page shows the changes", async ({
  page,
  context,
  playwright,
}) => {
  const request = await playwright.request.newContext({ baseURL: test.info().project.use.baseURL });
  const rest = restClient(request);
  const created = await rest.post("/admin/schedules", {
    name: `versions ${Date.now()}`,
    topic: "e2e.versions",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 * * *",
  });
  const id: string = created.body.schedule_id;
  await rest.patch(`/admin/schedules/${id}`, { cron_expression: "0 4 * * *" });
  await rest.post(`/admin/schedules/${id}/toggle`, { enabled: false, note: "for the spec" });
  await rest.post(`/admin/schedules/${id}/toggle`, { enabled: true });

  await signInByApi(context);
  await page.goto(`/schedules/${id}?tab=versions`);
  const items = page.getByRole("list", { name: "Versions, newest first" }).getByRole("listitem");
  await expect(items.filter({ hasText: "Versions 2 to 4" })).toBeVisible();
  // A click before hydration has no effect.
  await expect(async () => {
    const show = items.filter({ hasText: "Versions 2 to 4" }).getByRole("button", { name: "Show changes" });
    if (await show.isVisible()) await show.click();
    await expect(page.getByText("In the next 7 days 7 runs are added and 7 removed.")).toBeVisible({ timeout: 3000 });
  }).toPass();
  await page.getByRole("button", { name: "Restore…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
  await expect(items.first()).toContainText("Restored version 1");

  await page.goto(`/audit?target=${id}`);
  const paused = page.getByRole("row").filter({ hasText: "Paused schedule" });
  await expect(paused).toContainText("for the spec");
  await page.getByRole("row").filter({ hasText: "Restored version 1" }).getByText("Edited schedule").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("row", { name: /Cron expression/ })).toContainText("0 3 * * *");
  await expect(page).toHaveURL(/entry=/);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/entry=/);

  await rest.delete(`/admin/schedules/${id}`);
  await page.goto(`/schedules/${id}`);
  await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Deleted schedule" })).toBeVisible();
  await request.dispose();
});
