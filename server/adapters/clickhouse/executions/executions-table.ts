import { z } from "zod";
import type { Execution, StoredExecution } from "~/server/domain/execution";
import { eventId } from "~/server/domain/ids";
import { Outcome } from "~/server/domain/schedule";
import type { Page } from "~/server/domain/views";
import type { ExecutionQuery, ExecutionStore } from "~/server/ports/store/executions";
import type { RecentOutcomes } from "~/server/ports/store/schedules";

import type { ClickHouse } from "../connection/client";
import { decodeCursor, encodeCursor, MAX_COUNTED, type Position } from "../paging/cursor";
import { MAX_IDS } from "../paging/newest-pages";
import { epochMs, instant } from "../sql/time-columns";
import { Where } from "../sql/where";
import { EXECUTION_ROW } from "./execution-row";

const SORT = { sort: "scheduled_for", type: "number" } as const;

const Key = z.object({ id: z.string(), at: z.int() });
const Counted = z.object({ n: z.int() });

/** The execution's newest row in the ledger; null for none. */
export async function getExecution(client: ClickHouse, executionId: string): Promise<StoredExecution | null> {
  const [row] = await client.select(EXECUTION_ROW.row, {
    sql: `SELECT ${EXECUTION_ROW.selected} FROM schedule_execution_results
      WHERE execution_id = {id:String} ORDER BY ended_at DESC LIMIT 1`,
    params: { id: executionId },
  });
  return row ?? null;
}

/**
 * A page of the ledger. Reads the keys of the page backwards along the primary key or a schedule's projection, then
 * their rows with FINAL, which leaves out rows that a newer, non-matching one has replaced.
 */
export async function listExecutions(client: ClickHouse, query: ExecutionQuery): Promise<Page<StoredExecution>> {
  const where = executionWhere(query);
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, SORT);
  const keys = await keysOf(client, { where, after, limit: query.limit + 1 });
  const isWhole = after === null && keys.length <= query.limit;
  const [found, total] = await Promise.all([
    pageOf(client, { where, keys, limit: query.limit }),
    isWhole ? keys.length : countMatches(client, where),
  ]);
  return {
    ...found,
    total: Math.min(total, MAX_COUNTED),
    totalIsExact: total <= MAX_COUNTED,
  };
}

async function pageOf(
  client: ClickHouse,
  input: { where: Where; keys: z.infer<typeof Key>[]; limit: number },
): Promise<{ items: StoredExecution[]; nextCursor: string | null }> {
  let { keys } = input;
  for (;;) {
    const page = keys.slice(0, input.limit);
    const last = page.at(-1);
    const items = last === undefined ? [] : await rowsOf(client, input.where, page);
    const hasMore = keys.length > input.limit && last !== undefined;
    const end = last === undefined ? null : { value: last.at, id: last.id };
    // If all rows of a page were replaced, read on: an empty page must be the last one.
    if (items.length > 0 || !hasMore) {
      return { items, nextCursor: hasMore && end ? encodeCursor(SORT.sort, end) : null };
    }
    keys = await keysOf(client, { ...input, after: end, limit: input.limit + 1 });
  }
}

function keysOf(
  client: ClickHouse,
  input: { where: Where; after: Position | null; limit: number },
): Promise<z.infer<typeof Key>[]> {
  const where = input.where.copy();
  if (input.after) {
    where.and(
      `scheduled_for <= ${instant("after")} AND (scheduled_for < ${instant("after")} OR execution_id < {after_id:String})`,
      { after: input.after.value, after_id: input.after.id },
    );
  }
  return client.select(Key, {
    sql: `SELECT execution_id AS id, ${epochMs("scheduled_for")} AS at FROM schedule_execution_results WHERE ${where}
      ORDER BY scheduled_for DESC, execution_id DESC LIMIT 1 BY execution_id LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: input.limit },
  });
}

function rowsOf(client: ClickHouse, where: Where, keys: readonly z.infer<typeof Key>[]): Promise<StoredExecution[]> {
  // PREWHERE by the key, so that large columns are read for these rows only.
  return client.select(EXECUTION_ROW.row, {
    sql: `SELECT ${EXECUTION_ROW.selected} FROM schedule_execution_results FINAL
      PREWHERE (scheduled_for, execution_id) IN (
        SELECT fromUnixTimestamp64Milli(pair.1, 'UTC'), pair.2
        FROM (SELECT arrayJoin(arrayZip({page_times:Array(Int64)}, {page_ids:Array(String)})) AS pair))
      WHERE ${where}
      ORDER BY scheduled_for DESC, execution_id DESC`,
    params: { ...where.params, page_times: keys.map((key) => key.at), page_ids: keys.map((key) => key.id) },
  });
}

async function countMatches(client: ClickHouse, where: Where): Promise<number> {
  const [row] = await client.select(Counted, {
    sql: `SELECT count() AS n FROM (
      SELECT 1 FROM schedule_execution_results WHERE ${where} LIMIT 1 BY execution_id LIMIT {most:UInt32})`,
    params: { ...where.params, most: MAX_COUNTED + 1 },
  });
  return row?.n ?? 0;
}

/** The filters as a condition on a row of the ledger. `from` is inclusive, `to` exclusive. */
export function executionWhere(query: Omit<ExecutionQuery, "limit" | "cursor">): Where {
  const where = new Where()
    .when(query.scheduleId, "schedule_id = {schedule_id:String}", "schedule_id")
    .when(query.fromMs, `scheduled_for >= ${instant("from")}`, "from")
    .when(query.toMs, `scheduled_for < ${instant("to")}`, "to")
    .when(query.status, "outcome IN {status:Array(String)}", "status")
    .when(query.late, "late = {late:Bool}", "late")
    .when(query.topic, "topic IN {topic:Array(String)}", "topic")
    .when(query.trigger, "trigger IN {trigger:Array(String)}", "trigger")
    .when(query.source, "source IN {source:Array(String)}", "source")
    .when(query.errorClass, "ifNull(error_class = {error_class:String}, 0)", "error_class");
  if (query.decided !== undefined) {
    where.and(`execution_id ${query.decided ? "IN" : "NOT IN"} (SELECT key FROM dead_letter_decisions)`);
  }
  if (query.q === undefined || query.q === "") return where;
  where.and(
    `position(lowerUTF8(concat(ifNull(schedule_name, ''), '\\n', schedule_id, '\\n', execution_id, '\\n', correlation_id,
      '\\n', ifNull(entity_id, ''), '\\n', ifNull(error, ''))), lowerUTF8({q:String})) > 0`,
    { q: query.q },
  );
  if (query.scheduleId === undefined) return where;
  // The projection lacks the searched texts but has the schedule's keys, which narrow the search.
  return where.and(`(scheduled_for, execution_id) IN (
    SELECT scheduled_for, execution_id FROM schedule_execution_results WHERE schedule_id = {schedule_id:String})`);
}

const Settled = z.object({ key: z.string() });

/**
 * Which of the keys have a row. A planned occurrence's key contains its nominal time, the first column of the primary
 * key; other keys are found by their execution id.
 */
export async function settledKeys(client: ClickHouse, keys: readonly string[]): Promise<Set<string>> {
  const settled = new Set<string>();
  for (let from = 0; from < keys.length; from += MAX_IDS) {
    const some = keys.slice(from, from + MAX_IDS);
    const planned = some.flatMap((key) => {
      const nominal = /@(\d{1,15})(?::replay:\d+)?$/.exec(key)?.[1];
      return nominal === undefined ? [] : [{ key, at: Number(nominal) }];
    });
    const known = new Set(planned.map((one) => one.key));
    const others = some.filter((key) => !known.has(key));
    const found = await Promise.all([plannedKeys(client, planned), otherKeys(client, others)]);
    for (const row of found.flat()) settled.add(row.key);
  }
  return settled;
}

async function plannedKeys(client: ClickHouse, planned: readonly { key: string; at: number }[]) {
  if (planned.length === 0) return [];
  return client.select(Settled, {
    sql: `SELECT DISTINCT occurrence_key AS key FROM schedule_execution_results
      WHERE scheduled_for IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)}), 'UTC'))
        AND occurrence_key IN {keys:Array(String)}`,
    params: { times: [...new Set(planned.map((one) => one.at))], keys: planned.map((one) => one.key) },
  });
}

async function otherKeys(client: ClickHouse, keys: readonly string[]) {
  if (keys.length === 0) return [];
  return client.select(Settled, {
    sql: `SELECT DISTINCT occurrence_key AS key FROM schedule_execution_results
      WHERE execution_id IN {ids:Array(String)} AND occurrence_key IN {keys:Array(String)}`,
    params: { ids: keys.map(eventId), keys },
  });
}

const Recorded = z.object({ id: z.string() });

/**
 * Which of these executions were inserted under another token. A Redis that lost its last writes delivers them again in
 * another batch; the ledger would merge the rows, but the roll-ups would count both.
 */
export async function recordedElsewhere(
  client: ClickHouse,
  input: { token: string; executions: readonly Execution[] },
): Promise<Set<string>> {
  const found = new Set<string>();
  if (!(await hasRowsInRange(client, input))) return found;
  for (let from = 0; from < input.executions.length; from += MAX_IDS) {
    const some = input.executions.slice(from, from + MAX_IDS);
    const rows = await client.select(Recorded, {
      sql: `SELECT DISTINCT execution_id AS id FROM schedule_execution_results
        WHERE scheduled_for IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)}), 'UTC'))
          AND execution_id IN (SELECT arrayJoin(splitByChar(',', {ids:String}))) AND batch != {token:String}`,
      params: {
        times: [...new Set(some.map((one) => one.scheduledFor))],
        // As one text: the client is slow with arrays of thousands.
        ids: some.map((one) => one.executionId).join(","),
        token: input.token,
      },
    });
    for (const row of rows) found.add(row.id);
  }
  return found;
}

/** Whether the ledger has rows of another batch in the time range of these; mostly not, and then ids need no check. */
async function hasRowsInRange(
  client: ClickHouse,
  input: { token: string; executions: readonly Execution[] },
): Promise<boolean> {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { scheduledFor } of input.executions) {
    fromMs = Math.min(fromMs, scheduledFor);
    toMs = Math.max(toMs, scheduledFor);
  }
  if (fromMs > toMs) return false;
  const rows = await client.select(Recorded, {
    sql: `SELECT execution_id AS id FROM schedule_execution_results
      WHERE scheduled_for >= ${instant("from")} AND scheduled_for <= ${instant("to")} AND batch != {token:String} LIMIT 1`,
    params: { from: fromMs, to: toMs, token: input.token },
  });
  return rows.length > 0;
}

const RecentRow = z.object({ sid: z.string(), id: z.string(), outcome: Outcome, late: z.boolean(), at: z.int() });

/** The newest `limit` outcomes of each schedule, oldest first. */
export async function recentOutcomes(
  client: ClickHouse,
  ids: readonly string[],
  limit: number,
): Promise<RecentOutcomes> {
  const recent: RecentOutcomes = new Map(ids.map((id) => [id, []]));
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const rows = await client.select(RecentRow, {
      sql: `SELECT schedule_id AS sid, execution_id AS id, outcome, late, ${epochMs("scheduled_for")} AS at FROM (
          SELECT schedule_id, execution_id, outcome, late, scheduled_for FROM schedule_execution_results
          WHERE schedule_id IN {ids:Array(String)} LIMIT 1 BY execution_id)
        ORDER BY sid, at DESC, id DESC LIMIT {limit:UInt32} BY sid`,
      params: { ids: ids.slice(from, from + MAX_IDS), limit },
    });
    for (const row of rows.reverse()) {
      recent.get(row.sid)?.push({ executionId: row.id, outcome: row.outcome, late: row.late, scheduledFor: row.at });
    }
  }
  return recent;
}

const HistogramRow = z
  .object({ at: z.int(), outcome: Outcome, late_count: z.int(), total: z.int() })
  .transform(({ late_count, total, ...row }) => ({ ...row, late: late_count, count: total }));

export async function executionHistogram(
  client: ClickHouse,
  query: Omit<ExecutionQuery, "limit" | "cursor">,
  bucketSeconds: number,
): ReturnType<ExecutionStore["executionHistogram"]> {
  const where = executionWhere(query);
  // FINAL cannot read a projection; the rows of a schedule are few enough to deduplicate by id.
  const rows =
    query.scheduleId === undefined
      ? `schedule_execution_results FINAL WHERE ${where}`
      : `(SELECT scheduled_for, outcome, late FROM schedule_execution_results WHERE ${where} LIMIT 1 BY execution_id)`;
  return client.select(HistogramRow, {
    sql: `SELECT intDiv(${epochMs("scheduled_for")}, {bucket:Int64}) * {bucket:Int64} AS at, outcome,
        countIf(late) AS late_count, count() AS total
      FROM ${rows} GROUP BY at, outcome ORDER BY at, outcome`,
    params: { ...where.params, bucket: bucketSeconds * 1000 },
  });
}

const OutcomeCount = z.object({ outcome: Outcome, n: z.int() });

/** Counts, by outcome, the executions that ended since `fromMs`. */
export async function ledgerCounts(
  client: ClickHouse,
  input: { fromMs: number },
): ReturnType<ExecutionStore["ledgerCounts"]> {
  const rows = await client.select(OutcomeCount, {
    sql: `SELECT outcome, count() AS n FROM schedule_execution_results FINAL
      WHERE ended_at >= ${instant("from")} GROUP BY outcome`,
    params: { from: input.fromMs },
  });
  const counts = { succeeded: 0, dead: 0, expired: 0, skipped: 0, cancelled: 0 };
  for (const row of rows) counts[row.outcome] = row.n;
  return counts;
}
