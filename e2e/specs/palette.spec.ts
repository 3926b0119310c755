import { expect, type Page, test } from "@playwright/test";
import { signOut } from "../pages/access-pages";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

const input = (page: Page) => page.getByRole("combobox", { name: /^Search schedules/ });

async function openPalette(page: Page): Promise<void> {
  // A key before hydration has no effect.
  await expect(async () => {
    await page.keyboard.press("ControlOrMeta+k");
    await expect(input(page)).toBeVisible({ timeout: 2000 });
  }).toPass();
}

test("the palette finds a correlation id and a setting, and remembers searches until sign-out", async ({
  page,
  context,
  request,
}) => {
  const rest = restClient(request);
  const correlation = `order-${Date.now()}`;
  const name = `palette ${Date.now()}`;
  const made = await rest.post("/admin/schedules", {
    ...{ name, topic: "e2e.palette", entity_type: "x", action: "y", cron_expression: "0 3 1 1 *" },
    correlation_id: correlation,
  });
  const id: string = made.body.schedule_id;
  await rest.post(`/admin/schedules/${id}/execute`);
  await expect.poll(async () => (await rest.executions(id)).length).toBe(1);
  await signInByApi(context);
  await page.goto("/");

  await openPalette(page);
  await input(page).fill(correlation);
  await page.getByRole("option", { name: `Executions of the last 24 h of ${correlation}` }).click();
  await page.waitForURL(`**/executions?correlation=${correlation}`);
  await expect(page.getByRole("table").locator("tbody tr[data-row]")).toHaveCount(1);
  await expect(page.getByText("Correlation id")).toBeVisible();

  await openPalette(page);
  await input(page).fill("default retry delay");
  await page.getByRole("option", { name: "Setting: Default retry delay" }).click();
  await page.waitForURL("**/settings#setting-retryDelaySeconds");
  await expect(page.locator("#setting-retryDelaySeconds")).toBeInViewport();

  await openPalette(page);
  const recents = page.getByRole("group", { name: "Recent searches" }).getByRole("option");
  await expect(recents).toHaveText(["default retry delay", correlation]);
  await recents.last().click();
  await expect(input(page)).toHaveValue(correlation);
  await expect(page.getByRole("option", { name: `Executions of the last 24 h of ${correlation}` })).toBeVisible();
  await page.keyboard.press("Escape");

  expect(await page.evaluate(() => localStorage.getItem("recent-searches"))).toContain(correlation);
  await signOut(page);
  expect(await page.evaluate(() => localStorage.getItem("recent-searches"))).toBeNull();
  await rest.delete(`/admin/schedules/${id}`);
});

test("the palette names the data that it could not search", async ({ page, context }) => {
  await signInByApi(context);
  await page.goto("/");
  await openPalette(page);
  await page.route(/schedules\.facets/, (route) => route.abort("connectionreset"));
  await input(page).fill("invoice");
  await expect(page.getByText(/topics.*could not be searched\./)).toBeVisible();
  await page.unroute(/schedules\.facets/);
  await input(page).fill("invoices");
  await expect(page.getByText(/could not be searched/)).toHaveCount(0);
});
