import { expect, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { restClient } from "../parts/rest";

/** Sends the calls of a procedure, but loses their responses, until `restore` is called. */
async function loseResponses(page: Page, procedure: string): Promise<{ restore: () => Promise<void> }> {
  let lost = 0;
  const url = new RegExp(procedure.replace(".", "\\."));
  await page.route(url, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    lost += 1;
    await route.abort("connectionreset");
  });
  return {
    async restore() {
      await expect.poll(() => lost).toBeGreaterThan(0);
      await page.unroute(url);
    },
  };
}

/** Presses the button of the open dialog, loses the response, and presses the same button again. */
async function pressTwice(page: Page, procedure: string, button: string): Promise<void> {
  const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  const confirm = dialog.getByRole("button", { name: button, exact: true });
  const losing = await loseResponses(page, procedure);
  await confirm.click();
  await losing.restore();
  await expect(confirm).toBeEnabled();
  await confirm.click();
  await expect(confirm).toBeHidden();
}

test("a change of a schedule is made once if its response was lost and the button is pressed again", async ({
  page,
  context,
  request,
}) => {
  const rest = restClient(request);
  const name = `lost ${Date.now()}`;
  const made = await rest.post("/admin/schedules", {
    ...{ name, topic: "e2e.lost", entity_type: "x", action: "y", cron_expression: "0 3 1 1 *" },
  });
  const id: string = made.body.schedule_id;
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const entries = async (verb: string) => {
    const { body } = await rest.get(`/admin/audit?from=${from}&target=${id}&verb=${verb}`);
    return body.items.length;
  };
  await rest.patch(`/admin/schedules/${id}`, { description: "second version" });
  await signInByApi(context);
  await page.goto(`/schedules/${id}`);
  const open = async (press: () => Promise<void>) => {
    // A click before hydration has no effect, so it is repeated.
    await expect(async () => {
      await press();
      await expect(page.getByRole("alertdialog").or(page.getByRole("dialog"))).toBeVisible({ timeout: 2000 });
    }).toPass();
  };

  await open(() => page.getByRole("button", { name: "Pause", exact: true }).click({ timeout: 2000 }));
  await page.getByRole("alertdialog").getByLabel("Note").fill("for the spec");
  await pressTwice(page, "schedules.toggle", "Pause");
  expect(await entries("schedule.pause")).toBe(1);

  await open(() => page.getByRole("button", { name: "Resume", exact: true }).click({ timeout: 2000 }));
  await pressTwice(page, "schedules.toggle", "Resume");
  expect(await entries("schedule.resume")).toBe(1);

  await page.goto(`/schedules/${id}?tab=versions`);
  await open(() => page.getByRole("button", { name: "Restore…" }).click({ timeout: 2000 }));
  await pressTwice(page, "schedules.restore", "Restore");
  // One entry is for the edit above, the other for the restore.
  expect(await entries("schedule.edit")).toBe(2);

  await page.goto(`/schedules/${id}`);
  await open(async () => {
    await page.getByRole("button", { name: "More actions" }).click({ timeout: 2000 });
    await page.getByRole("menuitem", { name: "Delete…" }).click({ timeout: 2000 });
  });
  await page.getByRole("alertdialog").getByRole("textbox").fill(name);
  await pressTwice(page, "schedules.delete", "Delete schedule");
  await page.waitForURL(/\/schedules$/);
  expect(await entries("schedule.delete")).toBe(1);
});

test("an API key and a user are created once if the response was lost and the button is pressed again", async ({
  page,
  context,
  request,
}) => {
  const name = `lost ${Date.now()}`;
  await signInByApi(context);
  const create = async (label: string) => {
    await expect(async () => {
      // The first click before hydration does nothing; the dialog is loaded on demand.
      if (!(await page.getByRole("dialog").isVisible()))
        await page.getByRole("button", { name: label }).click({ timeout: 2000 });
      await expect(page.getByRole("dialog")).toBeVisible({ timeout: 2000 });
    }).toPass();
  };

  await page.goto("/settings/api-keys");
  await create("New API key");
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await pressTwice(page, "access.createApiKey", "Create key");
  const key = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
  expect((await restClient(request, key).get("/admin/schedules?limit=1")).status).toBe(200);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(1);

  await page.goto("/settings/users");
  await create("Invite user");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("E-mail").fill(`lost-${Date.now()}@example.org`);
  await pressTwice(page, "access.inviteUser", "Create invitation");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(1);
});
