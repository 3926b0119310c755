import { z } from "zod";
import { decodeCursor, encodeCursor, type Position } from "~/server/domain/cursor";
import type { Execution, StoredExecution } from "~/server/domain/execution";
import { eventId } from "~/server/domain/ids";
import { Outcome } from "~/server/domain/schedule";
import type { Page } from "~/server/domain/views";
import type {
  ExecutionNames,
  ExecutionQuery,
  ExecutionSort,
  ExecutionStore,
  RelatedExecution,
} from "~/server/ports/store/executions";
import type { RecentOutcomes, TopicScope } from "~/server/ports/store/schedules";

import type { ClickHouse } from "../connection/client";
import { MAX_COUNTED } from "../paging/max-counted";
import { MAX_IDS } from "../paging/newest-pages";
import { errorShapeSql } from "../sql/error-shape";
import { epochMs, instant } from "../sql/time-columns";
import { Where } from "../sql/where";
import { EXECUTION_ROW } from "./execution-row";

/** The SQL expression that each order sorts by, descending. A cursor has its value in the last row. */
const SORTS = {
  scheduled_for: epochMs("scheduled_for"),
  lateness: "if(isNull(fired_at), toInt64(-1), toInt64(lateness_ms))",
} as const satisfies Record<ExecutionSort, string>;
/**
 * Stored rows that a page by lateness reads per execution, because duplicates may not be merged yet. Bounded, so that
 * not all rows are sorted.
 */
const MAX_COPIES = 4;

const Key = z.object({ id: z.string(), at: z.int(), value: z.int() });
type Key = z.infer<typeof Key>;
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

const Names = z.object({
  executionId: z.string(),
  scheduleId: z.string(),
  scheduleName: z.string().nullable(),
  entityType: z.string(),
  action: z.string(),
  entityId: z.string().nullable(),
  scheduledFor: z.int(),
});

/** The fields from which pages make the names of these executions, found by the index `by_id`. */
export async function executionNames(
  client: ClickHouse,
  ids: readonly string[],
  scope: TopicScope = {},
): Promise<ExecutionNames[]> {
  if (ids.length === 0) return [];
  const where = new Where().and("execution_id IN {ids:Array(String)}", { ids: [...ids] });
  where.topicsIn(scope.topicPrefixes);
  return client.select(Names, {
    sql: `SELECT execution_id AS executionId, schedule_id AS scheduleId, schedule_name AS scheduleName,
        toString(entity_type) AS entityType, toString(action) AS action, entity_id AS entityId,
        ${epochMs("scheduled_for")} AS scheduledFor
      FROM schedule_execution_results AS results WHERE ${where}
      ORDER BY ended_at DESC LIMIT 1 BY execution_id`,
    params: where.params,
  });
}

const Related = z.object({
  executionId: z.string(),
  key: z.string(),
  outcome: Outcome,
  late: z.boolean(),
  effectiveAt: z.int(),
  endedAt: z.int(),
  actor: z.string().nullable(),
  contentHash: z.string().nullable(),
});

/** The newest row of each of these executions, read by the primary key. */
export function relatedExecutions(
  client: ClickHouse,
  input: TopicScope & { scheduledForMs: number; ids: readonly string[] },
): Promise<RelatedExecution[]> {
  const where = new Where()
    .and(`scheduled_for = ${instant("at")}`, { at: input.scheduledForMs })
    .and("execution_id IN {ids:Array(String)}", { ids: [...input.ids] })
    .topicsIn(input.topicPrefixes);
  return client.select(Related, {
    sql: `SELECT execution_id AS executionId, occurrence_key AS key, outcome, late,
        ${epochMs("effective_at")} AS effectiveAt, ${epochMs("ended_at")} AS endedAt, actor,
        if(payload = '', NULL, hex(sipHash128(payload, toString(headers)))) AS contentHash
      FROM schedule_execution_results
      WHERE ${where}
      ORDER BY ended_at DESC LIMIT 1 BY execution_id`,
    params: where.params,
  });
}

/**
 * A page of the ledger. Reads the keys of the page, then the rows with FINAL, because the newest row of a key may not
 * match. Keys by nominal time are read backwards along the primary key or a schedule's projection.
 */
export async function listExecutions(client: ClickHouse, query: ExecutionQuery): Promise<Page<StoredExecution>> {
  const where = executionWhere(query);
  const { sort = "scheduled_for" } = query;
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, { sort, type: "number" });
  const keys = await keysOf(client, { where, sort, after, limit: query.limit + 1 });
  const columns = query.bare ? EXECUTION_ROW.listed : EXECUTION_ROW.selected;
  const isWhole = after === null && keys.length <= query.limit;
  const [found, total] = await Promise.all([
    pageOf(client, { where, sort, keys, limit: query.limit, columns }),
    query.uncounted ? 0 : isWhole ? keys.length : countMatches(client, where),
  ]);
  return {
    ...found,
    total: Math.min(total, MAX_COUNTED),
    totalIsExact: !query.uncounted && total <= MAX_COUNTED,
  };
}

async function pageOf(
  client: ClickHouse,
  input: { where: Where; sort: ExecutionSort; keys: Key[]; limit: number; columns: string },
): Promise<{ items: StoredExecution[]; nextCursor: string | null }> {
  let { keys } = input;
  for (;;) {
    const page = keys.slice(0, input.limit);
    const last = page.at(-1);
    const items = last === undefined ? [] : await rowsOf(client, { ...input, keys: page });
    const hasMore = keys.length > input.limit && last !== undefined;
    const end = last === undefined ? null : { value: last.value, id: last.id };
    // If all rows of a page were replaced, read on: an empty page must be the last one.
    if (items.length > 0 || !hasMore) {
      return { items, nextCursor: hasMore && end ? encodeCursor(input.sort, end) : null };
    }
    keys = await keysOf(client, { ...input, after: end, limit: input.limit + 1 });
  }
}

function keysOf(
  client: ClickHouse,
  input: { where: Where; sort: ExecutionSort; after: Position | null; limit: number },
): Promise<Key[]> {
  const where = input.where.copy();
  const value = SORTS[input.sort];
  if (input.after) {
    const { value: last, id } = input.after;
    const column = input.sort === "scheduled_for" ? "scheduled_for" : value;
    const end = input.sort === "scheduled_for" ? instant("after") : "{after:Int64}";
    where.and(`${column} <= ${end} AND (${column} < ${end} OR execution_id < {after_id:String})`, {
      after: last,
      after_id: id,
    });
  }
  const keys = `SELECT execution_id AS id, ${epochMs("scheduled_for")} AS at, ${value} AS value
    FROM schedule_execution_results WHERE ${where}`;
  // The primary key has the order of the times. For any other order, sort only as many rows as a page needs.
  const sql =
    input.sort === "scheduled_for"
      ? `${keys} ORDER BY scheduled_for DESC, execution_id DESC LIMIT 1 BY execution_id LIMIT {limit:UInt32}`
      : `SELECT * FROM (${keys} ORDER BY value DESC, id DESC LIMIT {max_rows:UInt32})
          ORDER BY value DESC, id DESC LIMIT 1 BY id LIMIT {limit:UInt32}`;
  return client.select(Key, {
    sql,
    params: { ...where.params, limit: input.limit, max_rows: input.limit * MAX_COPIES },
  });
}

async function rowsOf(
  client: ClickHouse,
  { where, sort, keys, columns }: { where: Where; sort: ExecutionSort; keys: readonly Key[]; columns: string },
): Promise<StoredExecution[]> {
  // PREWHERE by the key, so that large columns are read for these rows only.
  const rows = await client.select(EXECUTION_ROW.row, {
    sql: `SELECT ${columns} FROM schedule_execution_results FINAL
      PREWHERE (scheduled_for, execution_id) IN (
        SELECT fromUnixTimestamp64Milli(pair.1, 'UTC'), pair.2
        FROM (SELECT arrayJoin(arrayZip({page_times:Array(Int64)}, {page_ids:Array(String)})) AS pair))
      WHERE ${where}
      ORDER BY scheduled_for DESC, execution_id DESC`,
    params: { ...where.params, page_times: keys.map((key) => key.at), page_ids: keys.map((key) => key.id) },
  });
  if (sort === "scheduled_for") return rows;
  // A replaced row may have another lateness. The newest row is listed only at the position of its own lateness.
  const found = new Map(rows.map((row) => [row.executionId, row]));
  return keys.flatMap(({ id, value }) => {
    const row = found.get(id);
    return row !== undefined && latenessValue(row) === value ? [row] : [];
  });
}

/** The value of `SORTS.lateness`. */
function latenessValue({ firedAt, latenessMs }: StoredExecution): number {
  return firedAt === null ? -1 : latenessMs;
}

async function countMatches(client: ClickHouse, where: Where): Promise<number> {
  const [row] = await client.select(Counted, {
    sql: `SELECT count() AS n FROM (
      SELECT 1 FROM schedule_execution_results WHERE ${where} LIMIT 1 BY execution_id LIMIT {max_rows:UInt32})`,
    params: { ...where.params, max_rows: MAX_COUNTED + 1 },
  });
  return row?.n ?? 0;
}

/** The filters as a condition on a row of the ledger. `from` is inclusive, `to` exclusive. */
export function executionWhere(query: Omit<ExecutionQuery, "limit" | "cursor" | "sort">): Where {
  const where = new Where()
    .when(query.scheduleId, "schedule_id = {schedule_id:String}", "schedule_id")
    .when(query.fromMs, `scheduled_for >= ${instant("from")}`, "from")
    .when(query.toMs, `scheduled_for < ${instant("to")}`, "to")
    .when(query.status, "outcome IN {status:Array(String)}", "status")
    .when(query.late, "late = {late:Bool}", "late")
    .when(query.topic, "topic IN {topic:Array(String)}", "topic")
    .when(query.trigger, "trigger IN {trigger:Array(String)}", "trigger")
    .when(query.source, "source IN {source:Array(String)}", "source")
    .when(query.errorClass, "ifNull(error_class = {error_class:String}, 0)", "error_class")
    .when(query.errorShape, `${errorShapeSql("error")} = {error_shape:String}`, "error_shape")
    .when(query.reason, "ifNull(reason = {reason:String}, 0)", "reason")
    .when(query.correlationId, "correlation_id = {correlation_id:String}", "correlation_id")
    .when(query.retried, "(attempt_count > 1) = {retried:Bool}", "retried");
  if (query.hoursMs !== undefined) {
    // A set, so that ClickHouse reads only the granules of these hours.
    where.and("toStartOfHour(scheduled_for) IN (SELECT toDateTime(arrayJoin({hours:Array(UInt32)}), 'UTC'))", {
      hours: query.hoursMs.map((ms) => ms / 1000),
    });
  }
  where.topicsIn(query.topicPrefixes);
  if (query.decided !== undefined) {
    where.and(`execution_id ${query.decided ? "IN" : "NOT IN"} (SELECT key FROM dead_letter_decisions)`);
  }
  if (query.q) {
    where.and(
      `position(lowerUTF8(concat(ifNull(schedule_name, ''), '\\n', schedule_id, '\\n', execution_id, '\\n', correlation_id,
      '\\n', ifNull(entity_id, ''), '\\n', ifNull(error, ''))), lowerUTF8({q:String})) > 0`,
      { q: query.q },
    );
  }
  if (query.scheduleId === undefined || !(query.q || query.reason || query.correlationId)) return where;
  // The projection lacks the reason, the correlation and the searched texts, but has the schedule's keys, which narrow
  // the search.
  return where.and(`(scheduled_for, execution_id) IN (
    SELECT scheduled_for, execution_id FROM schedule_execution_results WHERE schedule_id = {schedule_id:String})`);
}

const Settled = z.object({ key: z.string() });

/**
 * The keys that have a row. The key of a planned occurrence, or of its replay, contains the nominal time, the first
 * column of the primary key; other keys are found by execution id.
 */
export async function settledKeys(client: ClickHouse, keys: readonly string[]): Promise<Set<string>> {
  const settled = new Set<string>();
  for (let from = 0; from < keys.length; from += MAX_IDS) {
    const chunk = keys.slice(from, from + MAX_IDS);
    const planned = chunk.flatMap((key) => {
      const nominal = /@(\d{1,15})(?::replay:\d+)?$/.exec(key)?.[1];
      return nominal === undefined ? [] : [{ key, at: Number(nominal) }];
    });
    const known = new Set(planned.map((one) => one.key));
    const others = chunk.filter((key) => !known.has(key));
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
 * The ids of executions that were inserted under another token. After Redis has lost its last writes, the recorder
 * reads executions again in another batch. The ledger would merge the rows, but the roll-ups would count both.
 */
export async function recordedElsewhere(
  client: ClickHouse,
  input: { token: string; executions: readonly Execution[] },
): Promise<Set<string>> {
  const found = new Set<string>();
  if (!(await hasRowsInRange(client, input))) return found;
  for (let from = 0; from < input.executions.length; from += MAX_IDS) {
    const chunk = input.executions.slice(from, from + MAX_IDS);
    const rows = await client.select(Recorded, {
      sql: `SELECT DISTINCT execution_id AS id FROM schedule_execution_results
        WHERE scheduled_for IN (SELECT fromUnixTimestamp64Milli(arrayJoin({times:Array(Int64)}), 'UTC'))
          AND execution_id IN (SELECT arrayJoin(splitByChar(',', {ids:String}))) AND batch != {token:String}`,
      params: {
        times: [...new Set(chunk.map((one) => one.scheduledFor))],
        // One text, because the client is slow with arrays of thousands of ids.
        ids: chunk.map((one) => one.executionId).join(","),
        token: input.token,
      },
    });
    for (const row of rows) found.add(row.id);
  }
  return found;
}

/** Whether the ledger has rows of other batches in the range of these executions. If not, no id needs to be checked. */
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

/** Counts of matching executions by outcome and by bucket of their nominal time. */
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
  input: TopicScope & { fromMs: number },
): ReturnType<ExecutionStore["ledgerCounts"]> {
  const where = new Where().and(`ended_at >= ${instant("from")}`, { from: input.fromMs }).topicsIn(input.topicPrefixes);
  const rows = await client.select(OutcomeCount, {
    sql: `SELECT outcome, count() AS n FROM schedule_execution_results FINAL
      WHERE ${where} GROUP BY outcome`,
    params: where.params,
  });
  const counts = { succeeded: 0, dead: 0, expired: 0, skipped: 0, cancelled: 0 };
  for (const row of rows) counts[row.outcome] = row.n;
  return counts;
}
