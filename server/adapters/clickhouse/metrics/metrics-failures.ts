import { z } from "zod";
import type { AnalyticsSummary } from "~/server/domain/views";
import type { ClickHouse } from "../connection/client";
import type { Params } from "../sql/where";
import { ledgerRows, type MetricsFilter, pieces, pieceWhere, type RangeInput } from "./metrics-cells";

const TOP = 10;

const ErrorRow = z.object({ class: z.string(), text: z.string(), n: z.int(), last: z.int() });
const FailureRow = z.object({ id: z.string(), name: z.string().nullable(), n: z.int() });
const TotalRow = z.object({ id: z.string(), n: z.int(), entity_type: z.string(), action: z.string() });

/** As in migration 0005: errors that differ only in numbers and ids are one row. */
const SHAPE = "replaceRegexpAll(substringUTF8(ifNull(error, ''), 1, 200), '[0-9a-fA-F-]{8,}|[0-9]+', '#')";

/** The most frequent errors of a range, each with its last text and time. */
export async function topErrors(
  client: ClickHouse,
  input: { range: RangeInput; filter: MetricsFilter },
): Promise<AnalyticsSummary["topErrors"]> {
  const from = union(input, {
    rollup: "SELECT toString(error_class) AS class, shape, errors, error AS text, last_at FROM schedule_error_metrics",
    ledger: (rows) => `SELECT toString(assumeNotNull(error_class)) AS class, ${SHAPE} AS shape, toUInt64(1) AS errors,
      substringUTF8(ifNull(error, ''), 1, 500) AS text, ended_at AS last_at FROM ${rows} WHERE error_class IS NOT NULL`,
  });
  const rows = await client.select(ErrorRow, {
    sql: `SELECT class, argMax(text, last_at) AS text, sum(errors) AS n,
        toUnixTimestamp64Milli(max(last_at)) AS last
      FROM (${from.sql}) GROUP BY class, shape ORDER BY n DESC, class, shape LIMIT ${TOP}`,
    params: from.params,
  });
  return rows.map((row) => ({
    errorClass: row.class,
    error: row.text,
    count: row.n,
    lastAt: new Date(row.last).toISOString(),
  }));
}

/** The schedules with most dead or expired executions in a range, and their totals. */
export async function topFailures(
  client: ClickHouse,
  input: { range: RangeInput; filter: MetricsFilter },
): Promise<AnalyticsSummary["topFailures"]> {
  const from = union(input, {
    rollup: "SELECT schedule_id, schedule_name, failed FROM schedule_failure_metrics",
    ledger: (
      rows,
    ) => `SELECT schedule_id, ${input.filter.scheduleId === undefined ? "schedule_name" : "NULL AS schedule_name"},
      toUInt64(1) AS failed FROM ${rows} WHERE outcome IN ('dead', 'expired')`,
  });
  const rows = await client.select(FailureRow, {
    sql: `SELECT schedule_id AS id, anyLast(schedule_name) AS name, sum(failed) AS n
      FROM (${from.sql}) GROUP BY id ORDER BY n DESC, id LIMIT ${TOP}`,
    params: from.params,
  });
  if (rows.length === 0) return [];
  const whole = pieceWhere({ from: "ledger", ...input.range }, { filter: input.filter, name: "total" });
  whole.and("schedule_id IN {ids:Array(String)}", { ids: rows.map((row) => row.id) });
  const totals = await client.select(TotalRow, {
    sql: `SELECT schedule_id AS id, count() AS n, argMax(results.entity_type, scheduled_for) AS entity_type,
        argMax(results.action, scheduled_for) AS action
      FROM schedule_execution_results AS results WHERE ${whole} GROUP BY id`,
    params: whole.params,
  });
  const total = new Map(totals.map((row) => [row.id, row]));
  return rows.map((row) => ({
    scheduleId: row.id,
    scheduleName: row.name,
    entityType: total.get(row.id)?.entity_type ?? null,
    action: total.get(row.id)?.action ?? null,
    failed: row.n,
    total: Math.max(row.n, total.get(row.id)?.n ?? 0),
  }));
}

/** Whole hours from the roll-up, the ends of the range from the ledger. */
function union(
  input: { range: RangeInput; filter: MetricsFilter },
  select: { rollup: string; ledger: (rows: string) => string },
): { sql: string; params: Params } {
  const params: Params = {};
  const parts = pieces(input.range, ["hours"]).map((piece, i) => {
    const where = pieceWhere(piece, { filter: input.filter, name: `p${i}` });
    Object.assign(params, where.params);
    return piece.from === "ledger" ? select.ledger(ledgerRows(where, input.filter)) : `${select.rollup} WHERE ${where}`;
  });
  return { sql: parts.join("\nUNION ALL\n"), params };
}
