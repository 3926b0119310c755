import { expect, test } from "@playwright/test";
import { ADMIN, setUpFirstAdmin, signIn, signOut } from "../pages/access-pages";
import { ScheduleForm } from "../pages/schedule-form";
import { SchedulePage } from "../pages/schedule-page";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/** Makes the names of this run's schedules unique. */
const suffix = Date.now();
const event = { topic: "e2e.browser", entityType: "invoice", action: "due" };

test.describe.configure({ mode: "serial" });

test("the printed link creates the first account, works only once, and the user can sign out and in", async ({
  page,
}) => {
  const link = process.env.E2E_SETUP_URL ?? "";
  await setUpFirstAdmin(page, link);
  await signOut(page);
  await page.goto("/schedules");
  await expect(page).toHaveURL(/\/login/);
  await signIn(page, { ...ADMIN, password: "not-the-password" });
  await expect(page.getByRole("alert").filter({ hasText: /password/i })).toBeVisible();
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Schedules", level: 1 })).toBeVisible();
  // Without a session, an open page would redirect to the sign-in.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole("button", { name: "Create account" })).toBeHidden();
});

test.describe("signed in", () => {
  test.beforeEach(({ context }) => signInByApi(context));

  test("a one-time schedule is created and fires", async ({ page }) => {
    const form = new ScheduleForm(page);
    await form.open();
    await form.fillEvent({ ...event, name: `Once ${suffix}` });
    await form.once(new Date(Date.now() + 6000));
    await form.create();
    const schedule = new SchedulePage(page);
    await schedule.openTab("Executions");
    await expect(schedule.executions({ outcome: "Succeeded" })).toHaveCount(1);
    await expect(page.getByText("Completed", { exact: true }).first()).toBeVisible();
  });

  test("a cron schedule fires, is paused, run manually, resumed, edited and deleted", async ({ page, request }) => {
    const rest = restClient(request);
    const name = `Every 2 seconds ${suffix}`;
    const form = new ScheduleForm(page);
    await form.open();
    await form.fillEvent({ ...event, name });
    await form.repeat("*/2 * * * * *");
    await form.create();
    const schedule = new SchedulePage(page);
    await schedule.openTab("Executions");
    await expect(schedule.executions({ outcome: "Succeeded", trigger: "Schedule" }).nth(1)).toBeVisible();

    await schedule.pause("Maintenance of the provider");
    await expect(page.getByText("Maintenance of the provider")).toBeVisible();
    await schedule.runNow();
    await expect(schedule.executions({ outcome: "Succeeded", trigger: "Manual" })).toHaveCount(1);
    const missed = async () => (await rest.get(`/admin/schedules/${schedule.id}/missed`)).body.missed;
    await expect.poll(missed).toBeGreaterThan(0);
    await schedule.resume("Skip them");
    await expect(schedule.executions({ outcome: "Skipped" }).first()).toBeVisible();

    await schedule.edit();
    await page.getByLabel("Cron expression").fill("0 9 * * 1-5");
    await form.review();
    const review = page.getByRole("dialog", { name: "Save these changes?" });
    await expect(review).toContainText("0 9 * * 1-5");
    await review.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
    await expect(page.getByText("0 9 * * 1-5").first()).toBeVisible();

    await schedule.delete(name);
    await page.getByRole("searchbox").first().fill(name);
    await expect(page.getByText("No schedule matches")).toBeVisible();
    // The executions remain.
    await page.goto("/executions");
    await expect(page.getByRole("table").getByText(name).first()).toBeVisible();
  });
});
