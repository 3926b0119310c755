import { randomUUID } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { signInByApi } from "../pages/sign-in-by-api";
import { LOADED, violations } from "../parts/accessibility";
import { newPerson } from "../parts/callers";
import { rawHttp } from "../parts/raw-http";
import { restClient } from "../parts/rest";

/** Presses a button until its dialog opens, because a click before hydration has no effect. */
async function openDialog(page: Page, button: string) {
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    if (!(await dialog.isVisible())) await page.getByRole("button", { name: button }).click({ timeout: 2000 });
    await expect(dialog).toBeVisible({ timeout: 2000 });
  }).toPass();
  return dialog;
}

test("a user with a custom role sees only the schedules of its namespace, and cannot create or run any", async ({
  page,
  context,
  browser,
  request,
}) => {
  const name = `shop-${randomUUID().slice(0, 8)}`;
  const rest = restClient(request);
  const create = async (topic: string) => {
    const definition = {
      name: `of ${topic}`,
      topic,
      entity_type: "page",
      action: "look",
      cron_expression: "0 3 * * *",
    };
    const { status, body } = await rest.post("/admin/schedules", definition);
    expect(status).toBe(201);
    return body.schedule_id as string;
  };
  const seen = await create(`${name}.orders`);
  const hidden = await create(`other-${name}.orders`);

  await signInByApi(context);
  await page.goto("/settings/roles");
  const namespace = await openDialog(page, "New namespace");
  await namespace.getByLabel("Name").fill(name);
  await namespace.getByLabel("Topic prefixes").fill(`${name}.`);
  expect(await violations(page)).toEqual([]);
  await namespace.getByRole("button", { name: "Create namespace" }).click();
  await expect(namespace).toBeHidden(LOADED);

  const role = await openDialog(page, "New role");
  await role.getByLabel("Name").fill(`${name}-viewer`);
  await role.getByLabel("Scope").click();
  await page.getByRole("option", { name: "Some topics" }).click();
  await role.getByRole("checkbox", { name }).check();
  expect(await violations(page)).toEqual([]);
  await role.getByRole("button", { name: "Create role" }).click();
  await expect(role).toBeHidden(LOADED);
  await expect(page.getByRole("row").filter({ hasText: `${name}-viewer` })).toContainText(name);

  const { origin } = new URL(page.url());
  const person = await newPerson(rawHttp(origin), `${name}-viewer`);
  const own = await browser.newContext({ baseURL: origin });
  const signedIn = await own.request.post("/api/auth/sign-in", { headers: { origin }, data: person });
  expect(signedIn.status()).toBe(200);
  const theirs = await own.newPage();

  await theirs.goto("/schedules");
  await expect(theirs.getByText(`of ${name}.orders`)).toBeVisible(LOADED);
  await expect(theirs.getByText(`of other-${name}.orders`)).toBeHidden();
  await expect(theirs.getByRole("link", { name: "New schedule" })).toBeHidden();
  expect(await violations(theirs)).toEqual([]);
  await theirs.goto(`/schedules?q=other-${name}`);
  await expect(theirs.getByText("No schedule matches")).toBeVisible(LOADED);
  await theirs.goto(`/schedules/${seen}`);
  await expect(theirs.getByRole("heading", { level: 1, name: `of ${name}.orders` })).toBeVisible(LOADED);
  await expect(theirs.getByRole("button", { name: "Run now" })).toBeHidden();
  await theirs.goto(`/schedules/${hidden}`);
  await expect(theirs.getByText("Schedule not found")).toBeVisible(LOADED);
  await own.close();
});
