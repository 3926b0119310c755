import { expect, type Route, test } from "@playwright/test";
import { ADMIN } from "../pages/access-pages";
import { ScheduleForm } from "../pages/schedule-form";
import { signInByApi } from "../pages/sign-in-by-api";

test("a schedule form keeps its values over a reload and the end of the session, and links to its errors", async ({
  page,
  context,
}) => {
  await signInByApi(context);
  const form = new ScheduleForm(page);
  const name = page.getByLabel("Name", { exact: true });
  const wanted = `draft ${Date.now()}`;
  await form.open();
  await form.fillEvent({ name: wanted, topic: "e2e.form-state", entityType: "order", action: "remind" });
  await form.once(new Date("2020-10-31T01:30:00Z"));
  await expect(page.getByText(/This time has passed: it was \d+ years ago/)).toBeVisible();
  await page.getByText("Start, end and jitter").click();
  await page.getByLabel("Jitter").fill("99999999");
  await page.getByRole("button", { name: "Create schedule" }).click();
  // The invalid value is kept, and the error links to the field.
  await expect(page.getByLabel("Jitter")).toHaveValue("99,999,999");
  await page.getByRole("link", { name: "Jitter" }).click();
  await expect(page.getByLabel("Jitter")).toBeFocused();
  await page.getByLabel("Jitter").fill("0");
  await form.once(new Date(Date.now() + 86_400_000));

  // The draft is stored after a pause in typing.
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('\\"jitterSeconds\\":0,');
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await expect(name).toHaveValue("");
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(name).toHaveValue(wanted);

  // The page also refreshes itself. These reads wait, so that the form is the first to meet the end of the session.
  const reads: Route[] = [];
  const holdReads = (route: Route) => {
    if (route.request().method() === "GET") reads.push(route);
    else void route.continue();
  };
  await page.route("**/api/trpc/**", holdReads);
  await context.clearCookies();
  await page.getByRole("button", { name: "Create schedule" }).click();
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(dialog).toBeVisible();
  await page.unroute("**/api/trpc/**", holdReads);
  await Promise.all(reads.map((route) => route.continue()));
  await dialog.getByLabel("Password").fill(ADMIN.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { name: wanted })).toBeVisible();

  await form.open();
  await expect(name).toHaveValue("");
  await expect(page.getByRole("button", { name: "Restore" })).toBeHidden();
});
