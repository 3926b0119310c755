import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("a bulk pause of selected schedules shows its progress and can be undone", async ({ page, context, request }) => {
  const rest = restClient(request);
  const tag = `bulk-${Date.now()}`;
  for (const n of [1, 2, 3, 4]) {
    await rest.post("/admin/schedules", {
      name: `${tag} ${n}`,
      tags: [tag],
      topic: "e2e.bulk",
      entity_type: "page",
      action: "look",
      cron_expression: "0 3 * * *",
    });
  }
  await signInByApi(context);
  await page.goto(`/schedules?tag=${tag}&sort=name`);
  await page.getByLabel(`Select ${tag} 1`).click();
  await page.getByLabel(`Select ${tag} 3`).click({ modifiers: ["Shift"] });
  const bar = page.getByRole("region", { name: "Selected rows" });
  await expect(bar).toContainText("3 selected");
  await bar.getByRole("button", { name: "Select all 4 that match" }).click();
  await bar.getByRole("button", { name: "Pause" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Pause 4 schedules?" });
  await dialog.getByLabel("Note").fill("INC-2041");
  await dialog.getByRole("button", { name: "Pause" }).click();

  await page.waitForURL(/\/bulk\/[0-9a-f-]{36}$/);
  await expect(page.getByText("4 of 4")).toBeVisible();
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  const paused = async () => {
    const { body } = await rest.get(`/admin/schedules?tag=${tag}&status=paused`);
    return body.items.length;
  };
  await expect.poll(paused).toBe(4);

  await page.getByRole("button", { name: "Undo" }).click();
  const undo = page.getByRole("alertdialog", { name: "Undo this job?" });
  await expect(undo.getByText("The job changed 4 schedules. None has been changed since.")).toBeVisible();
  await undo.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "Undo", level: 1 })).toBeVisible();
  await expect(page.getByText("4 of 4")).toBeVisible();
  await expect.poll(paused).toBe(0);
});
