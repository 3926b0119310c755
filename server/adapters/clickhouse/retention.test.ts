import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";
import type { ClickHouse } from "./connection/client";

const DAY = 86_400_000;
const NOW = Date.now();
const Ddl = z.object({ ddl: z.string() });
let clickhouse: TestClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
});
afterAll(() => clickhouse.stop());

async function ddl(client: ClickHouse, table: string): Promise<string> {
  const sql = `SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`;
  return (await client.select(Ddl, { sql, params: { table } }))[0]?.ddl ?? "";
}

describe("retention", () => {
  test("alters only the tables whose TTL differs", async () => {
    const { store, client } = await clickhouse.openStore();
    expect(await store.applyRetention({ historyDays: 90, analyticsDays: 365 })).toEqual({ changed: [] });
    expect(await store.applyRetention({ historyDays: 30, analyticsDays: 365 })).toEqual({
      changed: ["schedule_execution_results"],
    });
    expect(await ddl(client, "schedule_execution_results")).toContain("toIntervalDay(30)");
    const { changed } = await store.applyRetention({ historyDays: 30, analyticsDays: 4 });
    expect(changed).toContain("schedule_performance_metrics");
    expect(changed).toContain("schedule_performance_minutes");
    expect(changed).toContain("schedule_performance_minute_totals");
    expect(await ddl(client, "schedule_performance_metrics")).toContain("toIntervalDay(4)");
    expect(await store.applyRetention({ historyDays: 30, analyticsDays: 4 })).toEqual({ changed: [] });
  });

  test("accepts only whole days of at least 1", async () => {
    const { store } = await clickhouse.openStore();
    for (const historyDays of [0, -1, 1.5, Number.NaN]) {
      await expect(store.applyRetention({ historyDays, analyticsDays: 365 })).rejects.toThrow();
    }
  });
});

describe("cleanup", () => {
  test("counts in a dry run, then removes expired rows, but no schedule that may still fire", async () => {
    const { store, client } = await clickhouse.openStore();
    const old = { createdAt: NOW - 200 * DAY, updatedAt: NOW - 200 * DAY };
    const over = aSchedule({ ...old, state: { completed: true, lastExecution: NOW - 150 * DAY } });
    const gone = aSchedule({ ...old, state: { deleted: true } });
    const firedLately = aSchedule({ ...old, state: { completed: true, lastExecution: NOW - DAY } });
    const waiting = aSchedule({ ...old, state: { nextExecution: NOW - 199 * DAY } });
    const revived = aSchedule({ ...old, state: { completed: true } });
    await store.insertBatch({ token: "1", schedules: [over, gone, firedLately, waiting, revived], executions: [] });
    // An older revision must not reappear after the expired revision was removed.
    await store.insertBatch({
      token: "2",
      schedules: [
        { ...over, state: { ...over.state, revision: 0, completed: false, lastExecution: null } },
        { ...revived, updatedAt: NOW, state: { ...revived.state, revision: 2, completed: false } },
      ],
      executions: [],
    });
    const kept = anExecution({ scheduledFor: NOW - DAY });
    const executions = [
      kept,
      anExecution({ scheduledFor: NOW - 95 * DAY }),
      anExecution({ scheduledFor: NOW - 91 * DAY }),
    ];
    // Lengthen the table's own TTL beyond the age of the rows, so that only the cleanup removes them.
    await store.applyRetention({ historyDays: 365, analyticsDays: 365 });
    await store.insertBatch({ token: "3", schedules: [], executions });

    const input = { beforeMs: NOW - 90 * DAY };
    expect(await store.cleanup({ ...input, dryRun: true })).toEqual({ schedules: 2, executions: 2 });
    expect(await store.cleanup({ ...input, dryRun: true })).toEqual({ schedules: 2, executions: 2 });
    expect(await store.cleanup({ ...input, dryRun: false })).toEqual({ schedules: 2, executions: 2 });
    await vi.waitUntil(async () => (await pendingMutations(client)) === 0, { timeout: 20_000, interval: 100 });

    expect(await store.cleanup({ ...input, dryRun: true })).toEqual({ schedules: 0, executions: 0 });
    const left = await store.getSchedules([over, gone, firedLately, waiting, revived].map((s) => s.scheduleId));
    expect(left.map((s) => s.scheduleId).sort()).toEqual(
      [firedLately, waiting, revived].map((s) => s.scheduleId).sort(),
    );
    const ledger = await store.listExecutions({ limit: 10 });
    expect(ledger.items.map((row) => row.executionId)).toEqual([kept.executionId]);
  });
});

const Pending = z.object({ n: z.int() });

async function pendingMutations(client: ClickHouse): Promise<number> {
  const sql = "SELECT count() AS n FROM system.mutations WHERE database = currentDatabase() AND NOT is_done";
  return (await client.select(Pending, { sql }))[0]?.n ?? 0;
}
