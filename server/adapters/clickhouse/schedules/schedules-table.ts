import { z } from "zod";
import { decodeCursor, encodeCursor, type Position, sortToken } from "~/server/domain/cursor";
import type { Schedule } from "~/server/domain/schedule";
import { MAX_FACETS } from "~/server/domain/schedule-limits";
import type { ScheduleQuery, ScheduleStore, TopicScope } from "~/server/ports/store/schedules";
import type { ClickHouse } from "../connection/client";
import { recentOutcomes } from "../executions/executions-table";
import { MAX_COUNTED } from "../paging/max-counted";
import { MAX_IDS, type Newest, newestInOrder, POSITION_ONLY, type Reading } from "../paging/newest-pages";
import { BY_ID } from "../sql/sort-key";
import { instant } from "../sql/time-columns";
import { Where } from "../sql/where";
import { BY_DUE, dueWhere, type ScheduleFilter, SORTS, scheduleWhere } from "./schedule-filter";
import { SCHEDULE_ROW } from "./schedule-row";

/** With fewer ids that have a matching stored row, a count applies FINAL to these ids only. */
const MAX_CANDIDATES = 2 * MAX_COUNTED;
/** The condition of a list without filters. Its count needs no candidates, because nearly all rows match. */
const MATCHES_ALL = String(scheduleWhere({}));
/** Ids per scan of the table. Processing more ids at once would delay due events. */
const LISTED_IDS = 20_000;
/** Schedules per page of `newestById`. */
const PAGE_ROWS = 1000;

const WHOLE: Reading<Schedule> = { columns: SCHEDULE_ROW.selected, row: SCHEDULE_ROW.row };
const BARE: Reading<Schedule> = { columns: SCHEDULE_ROW.listed, row: SCHEDULE_ROW.row };

const Id = z.object({ id: z.string() });
const Counted = z.object({ n: z.int() });

/** The newest rows of these ids, including deleted schedules, in no order. If `bare`, without payloads and headers. */
export async function getSchedules(
  client: ClickHouse,
  ids: readonly string[],
  { bare = false }: { bare?: boolean } = {},
): Promise<Schedule[]> {
  const found: Schedule[] = [];
  const columns = bare ? SCHEDULE_ROW.listed : SCHEDULE_ROW.selected;
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const sql = `SELECT ${columns} FROM event_schedules FINAL PREWHERE schedule_id IN {ids:Array(String)}`;
    found.push(...(await client.select(SCHEDULE_ROW.row, { sql, params: { ids: ids.slice(from, from + MAX_IDS) } })));
  }
  return found;
}

const Revision = z.object({ id: z.string(), revision: z.int() });

/** The newest revision of each schedule. Reads no other columns: a whole row may have a payload of 1 MiB. */
export async function revisions(client: ClickHouse, ids: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const rows = await client.select(Revision, {
      sql: `SELECT schedule_id AS id, max(revision) AS revision FROM event_schedules
        PREWHERE schedule_id IN {ids:Array(String)} GROUP BY schedule_id`,
      params: { ids: ids.slice(from, from + MAX_IDS) },
    });
    for (const { id, revision } of rows) found.set(id, revision);
  }
  return found;
}

/** The id of the schedule with this name that is not deleted. */
export async function findIdByName(client: ClickHouse, name: string): Promise<string | null> {
  const sql = `SELECT schedule_id AS id FROM event_schedules FINAL
    WHERE schedule_id IN (SELECT schedule_id FROM event_schedules WHERE name = {name:String})
      AND name = {name:String} AND NOT deleted ORDER BY schedule_id LIMIT 1`;
  const [row] = await client.select(Id, { sql, params: { name } });
  return row?.id ?? null;
}

const Named = z.object({ scheduleId: z.string(), name: z.string() });

/**
 * The ids and names of all schedules that have a name and are not deleted, in pages. Sorted by id like the table, so
 * that each page reads only its own part of the table.
 */
export async function* liveNames(client: ClickHouse): AsyncGenerator<z.infer<typeof Named>[]> {
  for (let after = ""; ; ) {
    const rows = await client.select(Named, {
      sql: `SELECT schedule_id AS scheduleId, name FROM event_schedules FINAL PREWHERE schedule_id > {after:String}
        WHERE name IS NOT NULL AND NOT deleted ORDER BY schedule_id LIMIT {limit:UInt32}`,
      params: { after, limit: LISTED_IDS },
    });
    if (rows.length > 0) yield rows;
    if (rows.length < LISTED_IDS) return;
    after = rows.at(-1)?.scheduleId ?? after;
  }
}

export async function listSchedules(
  client: ClickHouse,
  query: ScheduleQuery,
  recentRuns: number,
): ReturnType<ScheduleStore["listSchedules"]> {
  const sort = SORTS[query.sort];
  const token = sortToken(sort.name, query.descending);
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor, { sort: token, type: sort.type });
  const where = scheduleWhere(query);
  // A result that fits on the page needs no count.
  let counting: Promise<number> | null = null;
  const onMore = () => {
    if (query.uncounted) return;
    counting ??= countMatches(client, where);
    // Awaited below; this prevents an unhandled rejection if the page fails first.
    counting.catch(() => undefined);
  };
  if (after !== null) onMore();
  const found = await readPage(client, query, { where, after, onMore });
  const page = found.slice(0, query.limit);
  const last = page.at(-1)?.position;
  const ids = recentRuns === 0 ? [] : page.map(({ position }) => position.id);
  const [total, recent] = await Promise.all([counting ?? found.length, recentOutcomes(client, ids, recentRuns)]);
  return {
    items: page.map(({ row }) => row),
    recent,
    nextCursor: found.length > query.limit && last !== undefined ? encodeCursor(token, last) : null,
    total: query.uncounted ? 0 : Math.min(total, MAX_COUNTED),
    totalIsExact: !query.uncounted && total <= MAX_COUNTED,
  };
}

async function readPage(
  client: ClickHouse,
  query: ScheduleQuery,
  { where, after, onMore }: { where: Where; after: Position | null; onMore: () => void },
): Promise<Newest<Schedule>[]> {
  const { descending } = query;
  const read = query.bare ? BARE : WHOLE;
  const common = { descending, after, limit: query.limit + 1, read, isSearch: query.q !== undefined, onMore };
  const due = query.sort === "next_execution" && after?.value !== null ? dueWhere(query) : null;
  if (due !== null) {
    const found = await newestInOrder(client, { ...common, where: due, sort: BY_DUE });
    // Schedules without a next time come last, and the projection lacks them.
    if (found.length > query.limit) return found;
  }
  return newestInOrder(client, { ...common, where, sort: SORTS[query.sort] });
}

export async function countSchedules(
  client: ClickHouse,
  filter: ScheduleFilter,
): ReturnType<ScheduleStore["countSchedules"]> {
  const total = await countMatches(client, scheduleWhere(filter));
  return { total: Math.min(total, MAX_COUNTED), totalIsExact: total <= MAX_COUNTED };
}

export async function matchingIds(
  client: ClickHouse,
  filter: ScheduleFilter,
  page: { afterId?: string; limit: number },
): Promise<string[]> {
  const after = page.afterId === undefined ? null : { value: page.afterId, id: page.afterId };
  const order = { sort: BY_ID, descending: false, after, limit: page.limit };
  const found = await newestInOrder(client, { where: scheduleWhere(filter), ...order, read: POSITION_ONLY });
  return found.map(({ position }) => position.id);
}

/** The long-term schedules due first. Reads the projection by due time, so that schedules due later are not read. */
export async function dueForPromotion(
  client: ClickHouse,
  input: { beforeMs: number; limit: number },
): Promise<Schedule[]> {
  const where = new Where().and("tier = 'clickhouse'").and(`due_at < ${instant("before")}`, { before: input.beforeMs });
  const order = { sort: BY_DUE, descending: false, after: null, limit: input.limit };
  return (await newestInOrder(client, { where, ...order, read: WHOLE })).map(({ row }) => row);
}

export function dueForRebuild(client: ClickHouse, input: { beforeMs: number }): AsyncIterable<Schedule[]> {
  const where = new Where()
    .and("tier IN ('redis', 'clickhouse')")
    .and(`due_at < ${instant("before")}`, { before: input.beforeMs });
  return newestById(client, where);
}

export function recurringTouchedSince(client: ClickHouse, input: { sinceMs: number }): AsyncIterable<Schedule[]> {
  const where = new Where().and("cron_expression IS NOT NULL AND NOT completed").and(
    `(last_execution >= ${instant("since")} OR updated_at >= ${instant("since")}
        OR last_execution IS NULL AND tier = 'redis' AND status = 'active' AND NOT deleted)`,
    { since: input.sinceMs },
  );
  return newestById(client, where);
}

export function recurringOfZones(
  client: ClickHouse,
  input: { zones: readonly string[] | null },
): AsyncIterable<Schedule[]> {
  const where = new Where()
    .and("cron_expression IS NOT NULL AND status = 'active' AND NOT deleted AND NOT completed")
    .when(input.zones ?? undefined, "lower(timezone) IN {zones:Array(String)}", "zones");
  return newestById(client, where);
}

/** All matching newest rows by id, in pages. The ids may be anywhere in the table, so one scan serves many pages. */
async function* newestById(client: ClickHouse, where: Where): AsyncGenerator<Schedule[]> {
  let after = "";
  for (;;) {
    const listed = await client.select(Id, {
      sql: `SELECT DISTINCT schedule_id AS id FROM event_schedules WHERE ${where} AND schedule_id > {after:String}
        ORDER BY id LIMIT {listed:UInt32}`,
      params: { ...where.params, after, listed: LISTED_IDS },
    });
    for (let from = 0; from < listed.length; from += PAGE_ROWS) {
      const ids = listed.slice(from, from + PAGE_ROWS).map(({ id }) => id);
      const sql = `SELECT ${SCHEDULE_ROW.selected} FROM event_schedules FINAL PREWHERE schedule_id IN {ids:Array(String)} WHERE ${where}`;
      const rows = await client.select(SCHEDULE_ROW.row, { sql, params: { ...where.params, ids } });
      if (rows.length > 0) yield rows;
    }
    if (listed.length < LISTED_IDS) return;
    after = listed.at(-1)?.id ?? after;
  }
}

/** The header of a JWE, up to its first dot, is the same for all payloads of a topic and a key. */
const SEALED_START = `if(startsWith(payload, '{"$encrypted":"'), substring(payload, 1, position(payload, '.')), '')`;
const Sealed = z.object({ topic: z.string(), start: z.string(), total: z.int(), open: z.int() });

export function sealedGroups(client: ClickHouse): ReturnType<ScheduleStore["sealedGroups"]> {
  return client.select(Sealed, {
    sql: `SELECT topic, ${SEALED_START} AS start, count() AS total, countIf(NOT completed) AS open
      FROM event_schedules FINAL WHERE NOT deleted GROUP BY topic, start`,
    params: {},
  });
}

export async function idsOfSealedGroup(
  client: ClickHouse,
  { topic, start, afterId = "", limit }: Parameters<ScheduleStore["idsOfSealedGroup"]>[0],
): Promise<string[]> {
  const rows = await client.select(Id, {
    sql: `SELECT schedule_id AS id FROM event_schedules FINAL
      WHERE topic = {topic:String} AND NOT deleted AND NOT completed AND ${SEALED_START} = {start:String}
        AND schedule_id > {afterId:String}
      ORDER BY schedule_id LIMIT {limit:UInt32}`,
    params: { topic, start, afterId, limit },
  });
  return rows.map(({ id }) => id);
}

const CatalogueCounts = z.object({
  total: z.int(),
  active: z.int(),
  paused: z.int(),
  disabled: z.int(),
  completed: z.int(),
  redisPending: z.int(),
  clickhousePending: z.int(),
});

export async function catalogueCounts(
  client: ClickHouse,
  scope: TopicScope = {},
): ReturnType<ScheduleStore["catalogueCounts"]> {
  const where = new Where().and("NOT deleted").topicsIn(scope.topicPrefixes);
  const status = (name: string) => `countIf(status = '${name}') AS ${name}`;
  const pending = (tier: string) =>
    `countIf(status = 'active' AND next_execution IS NOT NULL AND tier = '${tier}') AS ${tier}Pending`;
  const [row] = await client.select(CatalogueCounts, {
    sql: `SELECT count() AS total, ${["active", "paused", "disabled", "completed"].map(status).join(", ")},
      ${["redis", "clickhouse"].map(pending).join(", ")} FROM event_schedules FINAL WHERE ${where}`,
    params: where.params,
  });
  return row as z.infer<typeof CatalogueCounts>;
}

const Facet = z.object({ kind: z.enum(["tag", "topic", "source", "entity"]), value: z.string(), n: z.int() });

export async function facets(client: ClickHouse, scope: TopicScope = {}): ReturnType<ScheduleStore["facets"]> {
  const where = new Where().and("NOT deleted").topicsIn(scope.topicPrefixes);
  const rows = await client.select(Facet, {
    // Groups before unnesting, because there are few combinations.
    sql: `SELECT pair.1 AS kind, pair.2 AS value, sum(rows) AS n FROM (
        SELECT rows, arrayJoin(arrayConcat(
          [('topic', toString(topic)), ('source', toString(source)), ('entity', toString(entity_type))],
          arrayMap(tag -> ('tag', tag), tags))) AS pair
        FROM (SELECT topic, source, entity_type, tags, count() AS rows FROM event_schedules FINAL WHERE ${where}
          GROUP BY topic, source, entity_type, tags))
      GROUP BY kind, value ORDER BY n DESC, value LIMIT {limit:UInt32} BY kind`,
    params: { ...where.params, limit: MAX_FACETS },
  });
  const facetsOf = (kind: z.infer<typeof Facet>["kind"]) =>
    rows.filter((row) => row.kind === kind).map(({ value, n }) => ({ value, count: n }));
  return {
    tags: facetsOf("tag"),
    topics: facetsOf("topic"),
    sources: facetsOf("source"),
    entityTypes: facetsOf("entity"),
  };
}

/** Counts matching newest rows, up to one above `MAX_COUNTED`. */
async function countMatches(client: ClickHouse, where: Where): Promise<number> {
  if (String(where) === MATCHES_ALL) {
    const [all] = await client.select(Counted, {
      sql: `SELECT count() AS n FROM (SELECT 1 FROM event_schedules FINAL WHERE ${where} LIMIT {max_rows:UInt32})`,
      params: { max_rows: MAX_COUNTED + 1 },
    });
    return all?.n ?? 0;
  }
  // If few ids have a matching stored row, only these ids are checked. Otherwise FINAL finds enough matches early.
  const [counted] = await client.select(Counted, {
    sql: `WITH (SELECT groupArray(schedule_id) FROM (
        SELECT DISTINCT schedule_id FROM event_schedules WHERE ${where} LIMIT {candidates:UInt32})) AS candidates
      SELECT count() AS n FROM (SELECT 1 FROM event_schedules FINAL WHERE ${where}
        AND (length(candidates) = {candidates:UInt32} OR schedule_id IN (SELECT arrayJoin(candidates)))
        LIMIT {max_rows:UInt32})`,
    params: { ...where.params, candidates: MAX_CANDIDATES, max_rows: MAX_COUNTED + 1 },
  });
  return counted?.n ?? 0;
}
