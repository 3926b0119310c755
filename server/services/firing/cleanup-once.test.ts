import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import type { Settings } from "~/server/domain/settings";
import type { Deps } from "~/server/services/ctx";
import { saveSettings } from "~/server/services/settings";
import { anExecution } from "~/server/testing/executions";
import { recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { cleanupOnce } from "./cleanup-once";

const DAY_MS = 86_400_000;
const ANN = { id: "ann", email: "ann@example.com", name: "Ann", role: "admin", via: "session" } as const;

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
}, 120_000);
afterAll(async () => stack?.stop());

/** Saves settings as a user does, and applies them in this process. */
async function save(values: Partial<Settings>): Promise<void> {
  await saveSettings({ ctx: { ...stack.ctx, principal: ANN }, input: { values } });
  stack.change(values);
}

const withEnvironment = (environment: Partial<Settings>): Deps => ({
  ...stack.deps,
  settings: {
    ...stack.deps.settings,
    environment,
    current: () => ({ ...stack.deps.settings.current(), ...environment }),
  },
});
const tableRetention = async () => stack.deps.store.retention();
const remaining = async () =>
  (await stack.deps.store.listExecutions({ limit: 10 })).items.map((row) => row.executionId);

async function audits(): Promise<unknown[]> {
  await recordAll(stack.deps, 0);
  const client = createClickHouse({
    url: stack.env.CLICKHOUSE_URL as string,
    database: stack.env.CLICKHOUSE_DATABASE as string,
  });
  const rows = await client.select(z.object({ json: z.string() }), { sql: "SELECT json FROM audit ORDER BY key" });
  await client.close();
  return rows.map((row) => JSON.parse(row.json)).filter((row) => row.action === "retention.change");
}

const clean = (deps: Deps = stack.deps, dryRun = false) => cleanupOnce(deps, { dryRun });
const old = anExecution({ scheduledFor: Date.now() - 200 * DAY_MS });

beforeEach(async () => {
  await save({ executionHistoryTtlDays: 365 });
  await clean();
  await stack.deps.store.insertBatch({ token: "old", schedules: [], executions: [old] });
});

test("settings that fell back to their defaults shorten nothing and delete nothing", async () => {
  // In this process only: nobody saved these values.
  stack.change({ executionHistoryTtlDays: 90, analyticsRetentionDays: 7 });
  const refused = [
    { setting: "executionHistoryTtlDays", wantedDays: 90, keptDays: 365 },
    { setting: "analyticsRetentionDays", wantedDays: 7, keptDays: 365 },
  ];
  expect(await clean(stack.deps, true)).toMatchObject({ executions: 0, retentionKept: refused });
  expect(await clean()).toMatchObject({ executions: 0, retentionChanged: [], retentionKept: refused });
  expect(await tableRetention()).toEqual({ historyDays: 365, analyticsDays: 365 });
  expect(await remaining()).toEqual([old.executionId]);
  stack.change({ analyticsRetentionDays: 365 });
});

test("the cleanup refuses to run, even as a dry run, until the saved settings are known", async () => {
  const deps = { ...stack.deps, settings: { ...stack.deps.settings, isKnown: () => false } };
  for (const dryRun of [true, false]) {
    await expect(clean(deps, dryRun)).rejects.toMatchObject({ code: "redis_unavailable" });
  }
  expect(await tableRetention()).toMatchObject({ historyDays: 365 });
});

test("an environment variable shortens the retention and is audited as the source; its removal shortens nothing", async () => {
  expect(await clean(withEnvironment({ executionHistoryTtlDays: 300 }))).toMatchObject({ retentionKept: [] });
  expect(await tableRetention()).toMatchObject({ historyDays: 300 });
  expect((await audits()).at(-1)).toMatchObject({
    target: "executionHistoryTtlDays",
    note: "by environment",
    before: { days: 365 },
    after: { days: 300, change: { source: "environment" } },
  });
  // The variable and the saved setting are removed. A default must not shorten the retention.
  stack.change({ executionHistoryTtlDays: 90 });
  expect(await clean()).toMatchObject({ retentionKept: [{ keptDays: 300 }] });
  expect(await tableRetention()).toMatchObject({ historyDays: 300 });
});

test("a user's change shortens the retention and is stored with user and time", async () => {
  const before = Date.now();
  await save({ executionHistoryTtlDays: 90 });
  expect(await clean(stack.deps, true)).toMatchObject({ executions: 1, retentionKept: [] });
  expect(await tableRetention()).toMatchObject({ historyDays: 365 });
  expect(await clean()).toMatchObject({ retentionChanged: ["schedule_execution_results"], retentionKept: [] });
  expect(await tableRetention()).toMatchObject({ historyDays: 90 });
  const [row] = (await stack.deps.store.documents(DOCUMENT_KIND.appliedRetention)).filter(
    ({ key }) => key === "executionHistoryTtlDays",
  );
  const { change } = JSON.parse(row?.json ?? "{}");
  expect(change).toMatchObject({ days: 90, source: "page", by: ANN.email });
  expect(change.at).toBeGreaterThanOrEqual(before);
  expect((await audits()).at(-1)).toMatchObject({ note: `by ${ANN.email}`, before: { days: 365 } });
});
