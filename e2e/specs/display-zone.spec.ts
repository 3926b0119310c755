import { expect, type Locator, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/** An offset that is not a whole number of hours also changes the minutes. */
const ZONE = { name: "Asia/Kolkata", city: "Kolkata", offsetMinutes: 330 };

const OTHER_ZONE = { name: "Asia/Tokyo", city: "Tokyo" };

const FIVE_MINUTES_MS = 300_000;

/** The labels of an axis with their positions, px. Labels of two zones may differ only in their positions. */
const placedLabels = (labels: Locator) =>
  labels.evaluateAll((found) =>
    found.map((label) => `${label.textContent} at ${Math.round(label.getBoundingClientRect().left)}`),
  );

test("the display zone changes rows, axes, pickers and exports", async ({ page, context, request }) => {
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", {
    name: `zone ${Date.now()}`,
    topic: "e2e.zone",
    entity_type: "page",
    action: "look",
    cron_expression: "0 3 1 1 *",
  });
  await rest.post(`/admin/schedules/${body.schedule_id}/execute`, {});
  await expect.poll(async () => (await rest.executions(body.schedule_id)).length).toBe(1);
  await signInByApi(context);
  await page.goto(`/executions?schedule=${body.schedule_id}`);

  const row = page.locator("tbody tr[data-row]");
  const instant = row.locator("time").first();
  const axis = page
    .locator("figure")
    .first()
    .locator("[aria-hidden] span")
    .filter({ hasText: /\d:\d\d/ });
  const range = page.getByRole("button", { name: "Last 24 hours" });
  const from = page.getByLabel("From");
  const shown = async () => {
    const at = new Date((await instant.getAttribute("datetime")) ?? "");
    await range.click();
    const picked = await from.inputValue();
    await page.keyboard.press("Escape");
    return { at, text: (await instant.textContent()) ?? "", axis: await placedLabels(axis), picked };
  };
  await expect(axis.first()).toBeVisible();
  const before = await shown();
  expect(before.text).toContain(before.at.toISOString().slice(11, 16));

  await page.getByRole("button", { name: /^Display time zone/ }).click();
  const zone = page.getByRole("combobox", { name: "Time zone" });
  await zone.fill(ZONE.city);
  await page
    .getByRole("option", { name: new RegExp(ZONE.city) })
    .first()
    .click();
  await page.keyboard.press("Escape");
  const local = new Date(before.at.getTime() + ZONE.offsetMinutes * 60_000).toISOString();
  await expect(instant).toContainText(local.slice(11, 16));
  const after = await shown();
  expect(after.at).toEqual(before.at);
  expect(after.axis).not.toEqual(before.axis);
  const shift = Date.parse(`${after.picked}Z`) - Date.parse(`${before.picked}Z`);
  // Rounded, because the start of "Last 24 hours" changes between the two readings.
  expect(Math.round(shift / FIVE_MINUTES_MS) * 5).toBe(ZONE.offsetMinutes);
  await expect(page.getByRole("button", { name: /^Display time zone/ })).toContainText(/Kolkata|\+05:30|\+5:30/);

  await page.getByRole("button", { name: "Export" }).click();
  const link = await page.getByRole("menuitem", { name: /^CSV/ }).getAttribute("href");
  const file = await (await context.request.get(link ?? "")).text();
  const [header = "", line = ""] = file.trim().split(/\r?\n/);
  expect(header).toContain("scheduled_for_local,zone");
  expect(line).toContain(ZONE.name);
  expect(line).toContain(local.slice(0, 10));
  expect(line).toContain(local.slice(11, 16));
  await rest.delete(`/admin/schedules/${body.schedule_id}`);

  await page.goto("/account");
  const clock = page.getByRole("radio", { name: "12 hours" });
  // A click before hydration has no effect, so it is repeated. The click that opens the zones is not.
  await expect(async () => {
    await clock.click({ timeout: 2000 });
    await expect(clock).toBeChecked({ timeout: 2000 });
  }).toPass();
  const picker = page.getByRole("combobox", { name: "Display time zone" });
  await picker.click();
  await expect(page.getByRole("option").first()).toBeVisible();

  // The server answers late, and the chosen zone is shown meanwhile.
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let refreshes = 0;
  await page.route("**/account*", async (route) => {
    refreshes += 1;
    await held;
    await route.continue();
  });
  await page.keyboard.type(OTHER_ZONE.city);
  await page.getByRole("option", { name: OTHER_ZONE.name }).click();
  await expect.poll(() => refreshes).toBeGreaterThan(0);
  await expect(page.getByRole("option").first()).toBeHidden();
  await expect(picker).toHaveValue(OTHER_ZONE.name);
  answer();
  await expect(page.getByRole("button", { name: /^Display time zone: / })).toContainText(/Tokyo|\+09:00|\+9/);
  await expect(picker).toHaveValue(OTHER_ZONE.name);
});
