import { expect, type Locator, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/** More than the focusable elements of any tested page. */
const MAX_TABS = 80;

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < MAX_TABS; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  // Tab did not reach the element: fail without waiting.
  await expect(wanted).toBeFocused({ timeout: 1 });
}

async function pressOn(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press("Enter");
}

test("a schedule is created, run, paused and deleted with the keyboard, and dialogs return the focus", async ({
  page,
  context,
  request,
}) => {
  await signInByApi(context);
  const name = `keyboard ${Date.now()}`;
  const rest = restClient(request);
  const button = (label: string) => page.getByRole("button", { name: label, exact: true }).first();
  const dialog = page.getByRole("alertdialog");

  await page.goto("/schedules");
  // A key before hydration has no effect.
  await expect(async () => {
    await page.keyboard.press("c");
    await expect(page).toHaveURL(/\/schedules\/new$/, { timeout: 3000 });
  }).toPass();
  for (const [label, text] of [
    ["Name", name],
    ["Topic", "e2e.keyboard"],
    ["Entity type", "page"],
    ["Action", "look"],
    ["Cron expression", "0 3 1 1 *"],
  ] as const) {
    await tabTo(page, page.getByLabel(label, { exact: false }).first());
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(text);
  }
  await pressOn(page, button("Create schedule"));
  await page.waitForURL(/\/schedules\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";

  await pressOn(page, button("Run now"));
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button("Run now")).toBeFocused();
  await page.keyboard.press("Enter");
  await pressOn(page, dialog.getByRole("button", { name: "Run now" }));
  await expect(dialog).toBeHidden();
  await expect(button("Run now")).toBeFocused();
  await expect.poll(async () => (await rest.executions(id)).map(({ trigger }) => trigger)).toEqual(["manual"]);

  await pressOn(page, button("Pause"));
  await tabTo(page, dialog.getByLabel("Note"));
  await page.keyboard.type("by keyboard");
  await pressOn(page, dialog.getByRole("button", { name: "Pause" }));
  await expect(dialog).toBeHidden();
  // The button Pause became Resume and keeps the focus.
  await expect(button("Resume")).toBeFocused();

  const more = button("More actions");
  await pressOn(page, more);
  const remove = page.getByRole("menuitem", { name: "Delete…" });
  await expect(remove).toBeVisible();
  // An opening menu ignores keys until it has the focus.
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(remove).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(more).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(remove).toBeVisible();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("textbox"));
  await page.keyboard.type(name);
  await pressOn(page, dialog.getByRole("button", { name: "Delete schedule" }));
  await page.waitForURL(/\/schedules$/);
  expect((await rest.get(`/admin/schedules/${id}`)).status).toBe(404);
});
