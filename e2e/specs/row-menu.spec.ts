import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

test("an item of a row's menu runs its action instead of opening the row", async ({ page, context, request }) => {
  const name = `row menu ${Date.now()}`;
  await restClient(request).post("/admin/schedules", {
    name,
    topic: "e2e.rows",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 * * *",
  });
  await signInByApi(context);
  await page.goto(`/schedules?q=${encodeURIComponent(name)}`);
  const more = page.getByRole("button", { name: `More for ${name}` });
  await more.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Run now" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  await more.click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("alertdialog", { name: `Delete ${name}?` });
  await dialog.getByRole("textbox").fill(name);
  await dialog.getByRole("button", { name: "Delete schedule" }).click();
  await expect(page.getByText("No schedule matches")).toBeVisible();
});
