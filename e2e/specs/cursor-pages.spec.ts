import { expect, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/** One more than the 50 rows of a page. */
const SCHEDULE_COUNT = 51;

test("a list of 51 schedules has two pages, and back and reload keep the page", async ({ page, context, request }) => {
  const tag = `pages-${Date.now()}`;
  const items = Array.from({ length: SCHEDULE_COUNT }, (_, n) => ({
    name: `${tag} ${String(n).padStart(2, "0")}`,
    tags: [tag],
    topic: "e2e.cursor",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 * * *",
  }));
  await restClient(request).post("/admin/schedules/batch", { items });
  await signInByApi(context);
  await page.goto(`/schedules?tag=${tag}&sort=name`);
  const pages = page.getByRole("navigation", { name: "Pages" });
  const previous = pages.getByRole("button", { name: "Previous" });
  const next = pages.getByRole("button", { name: "Next" });
  const row = (n: string) => page.getByRole("link", { name: `${tag} ${n}`, exact: true });
  await expect(pages).toContainText("50 of 51 schedules");
  await expect(previous).toBeDisabled();

  await next.click();
  await expect(row("50")).toBeVisible();
  await expect(pages).toContainText("1 of 51 schedules");
  await expect(next).toBeDisabled();

  await previous.click();
  await expect(row("00")).toBeVisible();
  await page.goBack();
  await expect(row("50")).toBeVisible();

  // After a reload, earlier cursors are lost, so Previous opens the first page.
  await page.reload();
  await expect(row("50")).toBeVisible();
  await previous.click();
  await expect(row("00")).toBeVisible();
  await expect(page).not.toHaveURL(/cursor=/);
});
