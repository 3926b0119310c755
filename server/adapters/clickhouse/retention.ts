import { z } from "zod";
import type { TableRetention } from "~/server/ports/store/retention";
import type { ClickHouse } from "./connection/client";
import { instant } from "./sql/time-columns";

const Days = z.int().min(1).max(36_500);
/** The minute roll-ups serve the charts of the last days only. */
export const MINUTE_ROLLUP_DAYS = 8;

const TtlRow = z.object({ name: z.string(), ddl: z.string() });
const Counted = z.object({ n: z.int() });
const PartitionRow = z.object({ id: z.string().regex(/^\d{6}$/) });

const LEDGER = "schedule_execution_results";
const MINUTES = ["schedule_performance_minutes", "schedule_performance_minute_totals"];
const ROLLUPS = [
  "schedule_performance_metrics",
  "schedule_performance_days",
  "schedule_performance_totals",
  "schedule_failure_metrics",
  "schedule_error_metrics",
  "schedule_reason_metrics",
  "schedule_trigger_metrics",
];

/**
 * The applied retention. `analyticsDays` is the longest of the roll-ups, so that shortening any roll-up counts as a
 * shorter retention, which happens only on request.
 */
export async function retention(client: ClickHouse): Promise<TableRetention> {
  const current = await currentDays(client, [LEDGER, ...ROLLUPS]);
  const rollups = ROLLUPS.map((table) => current.get(table) ?? null);
  return {
    historyDays: current.get(LEDGER) ?? null,
    analyticsDays: rollups.includes(null) ? null : Math.max(...rollups.map(Number)),
  };
}

/** Days by table; tables without a limit are left out. */
async function currentDays(client: ClickHouse, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await client.select(TtlRow, {
    sql: `SELECT name, create_table_query AS ddl FROM system.tables
      WHERE database = currentDatabase() AND name IN {names:Array(String)}`,
    params: { names: [...names] },
  });
  const days = rows.map((row) => [row.name, Number(/\bTTL\b.*toIntervalDay\((\d+)\)/s.exec(row.ddl)?.[1])] as const);
  return new Map(days.filter(([, n]) => Number.isFinite(n)));
}

/**
 * Changes the TTLs that differ from `input` and returns the changed tables. A field that is null leaves its TTLs
 * unchanged. The next merges remove rows beyond the TTL.
 */
export async function applyRetention(client: ClickHouse, input: TableRetention): Promise<{ changed: string[] }> {
  const wanted: { table: string; column: string; days: number }[] = [];
  if (input.historyDays !== null) {
    wanted.push({ table: LEDGER, column: "toDateTime(ended_at)", days: Days.parse(input.historyDays) });
  }
  if (input.analyticsDays !== null) {
    const days = Days.parse(input.analyticsDays);
    wanted.push(...ROLLUPS.map((table) => ({ table, column: "bucket", days })));
    const minuteDays = Math.min(MINUTE_ROLLUP_DAYS, days);
    wanted.push(...MINUTES.map((table) => ({ table, column: "bucket", days: minuteDays })));
  }
  const tables = wanted.map(({ table }) => table);
  const current = await currentDays(client, tables);
  const changed: string[] = [];
  for (const { table, column, days } of wanted) {
    if (current.get(table) === days) continue;
    await client.command({ sql: `ALTER TABLE ${table} MODIFY TTL ${column} + toIntervalDay(${days})` });
    changed.push(table);
  }
  return { changed };
}

/**
 * Matches a row that neither changed nor fired since `before`. If the newest row of a schedule matches, all its rows
 * match, so the deletion leaves no older row.
 */
const UNCHANGED = `updated_at < ${instant("before")} AND ifNull(last_execution < ${instant("before")}, 1)`;
const REMOVABLE = `SELECT schedule_id FROM event_schedules FINAL WHERE (completed OR deleted) AND ${UNCHANGED}`;

/**
 * Counts and, unless `dryRun`, deletes completed or deleted schedules that neither changed nor fired since `beforeMs`,
 * and executions that ended before `beforeMs`. A schedule that is edited meanwhile keeps its new row. The server
 * deletes in the background.
 */
export async function cleanup(
  client: ClickHouse,
  input: { beforeMs: number; dryRun: boolean },
): Promise<{ schedules: number; executions: number }> {
  const params = { before: input.beforeMs };
  const count = async (sql: string) => (await client.select(Counted, { sql, params }))[0]?.n ?? 0;
  const schedules = await count(`SELECT count() AS n FROM (${REMOVABLE})`);
  const executions = await count(
    `SELECT count() AS n FROM schedule_execution_results WHERE ended_at < ${instant("before")}`,
  );
  if (input.dryRun) return { schedules, executions };
  if (schedules > 0) {
    await remove(client, { table: "event_schedules", where: `schedule_id IN (${REMOVABLE}) AND ${UNCHANGED}`, params });
  }
  if (executions > 0) await removeExecutions(client, params);
  return { schedules, executions };
}

/** Drops whole months, which rewrites no data, and marks the remaining rows as deleted. */
async function removeExecutions(client: ClickHouse, params: { before: number }): Promise<void> {
  const table = "schedule_execution_results";
  const partitions = await client.select(PartitionRow, {
    sql: `SELECT DISTINCT partition_id AS id FROM system.parts WHERE database = currentDatabase() AND table = '${table}'
      AND active AND partition_id < toString(toYYYYMM(${instant("before")}))`,
    params,
  });
  for (const { id } of partitions) await client.command({ sql: `ALTER TABLE ${table} DROP PARTITION ID '${id}'` });
  await remove(client, { table, where: `ended_at < ${instant("before")}`, params });
}

async function remove(
  client: ClickHouse,
  input: { table: string; where: string; params: Record<string, number> },
): Promise<void> {
  await client.command({
    sql: `DELETE FROM ${input.table} WHERE ${input.where}`,
    params: input.params,
    settings: { lightweight_deletes_sync: "0", allow_nondeterministic_mutations: 1 },
  });
}
