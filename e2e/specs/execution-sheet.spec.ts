import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("executions open in a sheet, and an execution can be replayed with another payload", async ({
  page,
  context,
  request,
}) => {
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", {
    name: `Sheet ${Date.now()}`,
    topic: "e2e.sheet",
    entity_type: "invoice",
    action: "send",
    payload: { amount: 1 },
    cron_expression: "0 0 1 1 *",
  });
  for (let run = 0; run < 2; run += 1) await rest.post(`/admin/schedules/${body.schedule_id}/execute`, {});
  await expect.poll(async () => (await rest.executions(body.schedule_id)).length).toBe(2);
  await signInByApi(context);

  await page.goto(`/executions?schedule=${body.schedule_id}`);
  const rows = page.locator("tbody tr[data-row]");
  await expect(rows).toHaveCount(2);
  await rows.first().getByText("Succeeded").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("Timeline")).toBeVisible();
  const first = new URL(page.url()).searchParams.get("open");
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(new RegExp(`open=${first}`));
  await page.reload();
  await expect(sheet.getByText("Timeline")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(
    rows
      .nth(1)
      .locator(":focus")
      .or(rows.nth(1).and(page.locator(":focus"))),
  ).toBeVisible();
  await rows.first().getByText("Succeeded").click();
  await expect(sheet).toBeVisible();
  await page.goBack();
  await expect(sheet).toBeHidden();

  await page.goto(`/executions/${first}`);
  await page.getByRole("button", { name: "Replay", exact: true }).first().click();
  await page.getByRole("button", { name: "Edit payload and headers" }).click();
  const editor = page.getByRole("textbox", { name: "Payload" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('{"amount": 2.50}');
  await page.getByRole("button", { name: "Replay with changes" }).click();
  await expect(page.getByText("Replay 1 (this one)")).toBeVisible();
  await expect(page.getByText('"amount": 2.50')).toBeVisible();
  await expect(page.getByText("Edited content")).toBeVisible();
  await page.getByRole("link", { name: "Original", exact: true }).click();
  await expect(page.getByRole("link", { name: "Replay 1" })).toBeVisible();
});
