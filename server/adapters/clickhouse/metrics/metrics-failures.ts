import { z } from "zod";
import { OUTCOMES } from "~/server/domain/choices";
import type { AnalyticsSummary } from "~/server/domain/views";
import type { ClickHouse } from "../connection/client";
import { errorShapeSql } from "../sql/error-shape";
import { instant } from "../sql/time-columns";
import type { Params } from "../sql/where";
import {
  bySource,
  ledgerRows,
  type MetricsFilter,
  type Piece,
  pieces,
  piecesWhere,
  type RangeInput,
} from "./metrics-cells";

const MAX_ROWS = 10;

const ErrorRow = z.object({ class: z.string(), text: z.string(), n: z.int(), last: z.int(), known: z.boolean() });
const ReasonRow = z.object({ kind: z.enum([...OUTCOMES, "retry"]), reason: z.string(), n: z.int() });
const FailureRow = z.object({ id: z.string(), name: z.string().nullable(), n: z.int() });
const TotalRow = z.object({ id: z.string(), n: z.int(), entity_type: z.string(), action: z.string() });

/** The most frequent errors of a range, the last text and time of each, and whether the range before has the error. */
export async function topErrors(
  client: ClickHouse,
  input: { range: RangeInput; before: RangeInput; filter: MetricsFilter },
): Promise<AnalyticsSummary["topErrors"]> {
  const { range, before, filter } = input;
  const from = union({ pieces: [...hourly(before), ...hourly(range)], filter }, ERRORS);
  const rows = await client.select(ErrorRow, {
    sql: `SELECT class, argMaxIf(text, last_at, is_now) AS text, sumIf(errors, is_now) AS n,
        toUnixTimestamp64Milli(maxIf(last_at, is_now)) AS last, CAST(max(NOT is_now) AS Bool) AS known
      FROM (${from.sql}) GROUP BY class, shape HAVING n > 0 ORDER BY n DESC, class, shape LIMIT ${MAX_ROWS}`,
    params: { ...from.params, now_from: range.fromMs },
  });
  return rows.map((row) => ({
    errorClass: row.class,
    error: row.text,
    count: row.n,
    lastAt: new Date(row.last).toISOString(),
    isNew: !row.known,
  }));
}

const ERRORS = {
  rollup: `SELECT bucket >= ${instant("now_from")} AS is_now, toString(error_class) AS class, shape, errors, error AS text,
    last_at FROM schedule_error_metrics`,
  ledger: (
    rows: string,
  ) => `SELECT scheduled_for >= ${instant("now_from")} AS is_now, toString(assumeNotNull(error_class)) AS class, ${errorShapeSql("error")} AS shape, toUInt64(1) AS errors,
    substringUTF8(ifNull(error, ''), 1, 500) AS text, ended_at AS last_at FROM ${rows} WHERE error_class IS NOT NULL`,
};

/** The most frequent end reasons and causes of retries of a range. `filter` must not have a schedule id. */
export async function topReasons(
  client: ClickHouse,
  input: { range: RangeInput; filter: MetricsFilter },
): Promise<NonNullable<AnalyticsSummary["topReasons"]>> {
  const from = union(
    { pieces: hourly(input.range), filter: input.filter },
    {
      rollup: "SELECT toString(kind) AS kind, toString(reason) AS reason, executions FROM schedule_reason_metrics",
      // The same rows as in migration 0030.
      ledger: (rows) => `SELECT cause.1 AS kind, cause.2 AS reason, toUInt64(1) AS executions FROM (
      SELECT arrayJoin(arrayConcat(
        if(results.reason IS NULL, [], [(toString(outcome), assumeNotNull(toString(results.reason)))]),
        arrayMap(attempt -> ('retry', JSONExtractString(attempt, 'errorClass')),
          arraySlice(JSONExtractArrayRaw(attempts), 1, greatest(0, attempt_count - 1))))) AS cause
      FROM ${rows} AS results WHERE results.reason IS NOT NULL OR attempt_count > 1)`,
    },
  );
  const rows = await client.select(ReasonRow, {
    sql: `SELECT kind, reason, sum(executions) AS n FROM (${from.sql})
      GROUP BY kind, reason ORDER BY n DESC, kind, reason LIMIT ${MAX_ROWS}`,
    params: from.params,
  });
  return rows.map(({ kind, reason, n }) => ({ kind, reason, count: n }));
}

/** The schedules with the most dead or expired executions in a range, and their totals. */
export async function failuresIn(
  client: ClickHouse,
  input: { range: RangeInput; filter: MetricsFilter },
): Promise<AnalyticsSummary["topFailures"]> {
  const from = union(
    { pieces: hourly(input.range), filter: input.filter },
    {
      rollup: "SELECT schedule_id, schedule_name, failed FROM schedule_failure_metrics",
      ledger: (
        rows,
      ) => `SELECT schedule_id, ${input.filter.scheduleId === undefined ? "schedule_name" : "NULL AS schedule_name"},
      toUInt64(1) AS failed FROM ${rows} WHERE outcome IN ('dead', 'expired')`,
    },
  );
  const rows = await client.select(FailureRow, {
    sql: `SELECT schedule_id AS id, anyLast(schedule_name) AS name, sum(failed) AS n
      FROM (${from.sql}) GROUP BY id ORDER BY n DESC, id LIMIT ${MAX_ROWS}`,
    params: from.params,
  });
  if (rows.length === 0) return [];
  const listedSchedules = piecesWhere([{ from: "ledger", ...input.range }], { filter: input.filter, name: "total" });
  listedSchedules.and("schedule_id IN {ids:Array(String)}", { ids: rows.map((row) => row.id) });
  const totals = await client.select(TotalRow, {
    sql: `SELECT schedule_id AS id, count() AS n, argMax(results.entity_type, scheduled_for) AS entity_type,
        argMax(results.action, scheduled_for) AS action
      FROM schedule_execution_results AS results WHERE ${listedSchedules} GROUP BY id`,
    params: listedSchedules.params,
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
const hourly = (range: RangeInput) => pieces(range, ["hours"]);

function union(
  input: { pieces: readonly Piece[]; filter: MetricsFilter },
  select: { rollup: string; ledger: (rows: string) => string },
): { sql: string; params: Params } {
  const params: Params = {};
  const parts = bySource(input.pieces).map((list) => {
    const [{ from }] = list;
    const where = piecesWhere(list, { filter: input.filter, name: from });
    Object.assign(params, where.params);
    return from === "ledger" ? select.ledger(ledgerRows(where, input.filter)) : `${select.rollup} WHERE ${where}`;
  });
  return { sql: parts.join("\nUNION ALL\n"), params };
}
