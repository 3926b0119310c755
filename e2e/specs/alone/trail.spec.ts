import { expect, type Page } from "@playwright/test";
import { signInByApi } from "../../pages/sign-in-by-api";
import { LOADED, violations } from "../../parts/accessibility";
import { newKey } from "../../parts/callers";
import { test } from "../../parts/empty-stack";
import type { OwnStack } from "../../parts/own-stack";
import { rawHttp } from "../../parts/raw-http";
import { restClient } from "../../parts/rest";
import { clickhouseOf } from "../../parts/stack-clickhouse";

const SCHEDULE = { topic: "e2e.audit", entity_type: "page", action: "look", cron_expression: "0 3 * * *" };

/** Runs a statement on the stack's ClickHouse. */
async function sql(stack: OwnStack, statement: string): Promise<string> {
  const { host, password } = clickhouseOf(stack);
  const answer = await fetch(`http://${host}/?database=stufio`, {
    method: "POST",
    headers: { "x-clickhouse-user": "default", "x-clickhouse-key": password },
    body: statement,
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return text.trim();
}

const entries = (page: Page) => page.getByRole("row");

test("the audit page lists a refused call with its caller and the reason", async ({
  page,
  context,
  request,
  stack,
}) => {
  const reader = await newKey(rawHttp(stack.address), ["schedules:read"]);
  const rest = restClient(request, reader.secret);
  expect((await rest.post("/admin/schedules", { ...SCHEDULE, name: "refused" })).status).toBe(403);
  await signInByApi(context);
  await page.goto("/audit?result=refused");
  const refused = entries(page).filter({ hasText: "Created schedule" }).filter({ hasText: "forbidden" });
  await expect(refused.first()).toContainText("Refused", LOADED);
  await expect(refused.first()).toContainText("API key");
  await expect(async () => {
    await refused.first().getByText("Created schedule").click();
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 3000 });
  }).toPass();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("This requires the right schedules:create.")).toBeVisible();
  await expect(sheet.getByText("POST schedules").first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("an edit can be reverted from its audit entry", async ({ page, context, request }) => {
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", { ...SCHEDULE, name: `revert ${Date.now()}` });
  const id: string = body.schedule_id;
  await rest.patch(`/admin/schedules/${id}`, { cron_expression: "0 4 * * *" });
  await signInByApi(context);
  await page.goto(`/audit?target=${id}`);
  const edited = entries(page).filter({ hasText: "Edited schedule" });
  await expect(async () => {
    await edited.getByText("Edited schedule").click(LOADED);
    await expect(page.getByRole("dialog")).toBeVisible({ timeout: 3000 });
  }).toPass();
  await page.getByRole("button", { name: "Revert to version 1…" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore version 1?" });
  await expect(dialog).toContainText("0 4 * * *");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(dialog).toBeHidden(LOADED);
  // While the sheet is open, roles in the list cannot be found.
  await page.keyboard.press("Escape");
  await expect(async () => {
    // While the pointer is over the list, new rows wait behind a button.
    const showNew = page.getByRole("button", { name: /^Show \d+ new$/ });
    if (await showNew.isVisible()) await showNew.click();
    await expect(entries(page).filter({ hasText: "Restored version 1" })).toBeVisible({ timeout: 3000 });
  }).toPass(LOADED);
  expect((await rest.get(`/admin/schedules/${id}`)).body.cron_expression).toBe("0 3 * * *");
});

test("Verify chain reports an entry that was removed from ClickHouse", async ({ page, context, request, stack }) => {
  const rest = restClient(request);
  const { body } = await rest.post("/admin/schedules", { ...SCHEDULE, name: `chain ${Date.now()}` });
  const id: string = body.schedule_id;
  await rest.patch(`/admin/schedules/${id}`, { cron_expression: "0 4 * * *" });
  await rest.patch(`/admin/schedules/${id}`, { cron_expression: "0 5 * * *" });
  const ofEdits = `verb = 'schedule.edit' AND target = '${id}'`;
  const recorded = () => sql(stack, `SELECT count() FROM audit WHERE ${ofEdits} AND seq > 0`);
  await expect.poll(recorded, LOADED).toBe("2");

  await signInByApi(context);
  await page.goto("/audit");
  const check = page.getByRole("button", { name: "Verify chain" });
  await expect(async () => {
    await check.click();
    await expect(page.getByText(/The chain is intact: \d+ chained entries/)).toBeVisible({ timeout: 5000 });
  }).toPass();
  expect(await violations(page)).toEqual([]);

  const seq = await sql(stack, `SELECT min(seq) FROM audit WHERE ${ofEdits}`);
  await sql(stack, `DELETE FROM audit WHERE ${ofEdits} AND seq = ${seq} SETTINGS mutations_sync = 2`);
  await check.click();
  await expect(page.getByText("The chain is broken")).toBeVisible(LOADED);
  await expect(page.getByText(new RegExp(`Entry ${seq} of chain \\d+ is missing\\.`))).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
