import { z } from "zod";
import type { Position } from "~/server/domain/cursor";
import type { ClickHouse } from "../connection/client";
import { BY_ID, type SortKey } from "../sql/sort-key";
import type { Where } from "../sql/where";

/*
 * Sorted pages of newest revisions without a FINAL scan of the catalogue. Every matching newest row is also a matching
 * stored row. The first K stored rows in sort order therefore contain all newest rows up to the position of row K, and
 * FINAL is needed for their ids only. If nearly all rows of a batch are stale, such as the earlier times of schedules
 * that fire every minute, one FINAL query reads everything after them: it costs less than further batches.
 */

/** Ids per query; limits the length of a query parameter. */
export const MAX_IDS = 4000;
/** Below this share of newest rows among the stored rows, one FINAL query reads the rest. */
const MIN_NEWEST_SHARE = 0.1;

export interface NewestInput<T> {
  where: Where;
  sort: SortKey;
  descending: boolean;
  after: Position | null;
  limit: number;
  /** The columns to read besides the position. */
  read: Reading<T>;
  /**
   * `where` contains a text search, which costs more than reading an id. It is evaluated once, without an edge query.
   */
  isSearch?: boolean;
  /** Called, possibly several times, when a query finds more than `limit` matching stored rows, stale ones included. */
  onMore?: () => void;
}

/** The columns, and the schema of a row with them. */
export interface Reading<T> {
  columns: string;
  row: z.ZodType<T>;
}

export interface Newest<T> {
  position: Position;
  row: T;
}

export const POSITION_ONLY: Reading<null> = { columns: "", row: z.unknown().transform(() => null) };

const Found = z.object({ id: z.string(), value: z.union([z.string(), z.number(), z.null()]) });

/** The first `limit` matching newest rows after `after`. Null values sort last in both directions. */
export async function newestInOrder<T>(client: ClickHouse, input: NewestInput<T>): Promise<Newest<T>[]> {
  const found: Newest<T>[] = [];
  let { after } = input;
  while (found.length < input.limit) {
    const size = Math.min(MAX_IDS, 4 * (input.limit - found.length) + 64);
    const stored = await storedRows(client, { ...input, after, limit: size });
    const isLast = stored.length < size;
    if (stored.length > input.limit) input.onMore?.();
    let newestCount = 0;
    let from = 0;
    while (from < stored.length && found.length < input.limit) {
      const wanted = input.limit - found.length;
      const isFirst = from === 0;
      // Reading an id costs all columns of its granule, and most stored rows are newest rows. The first query therefore
      // asks for slightly more ids than the rows needed; later queries ask for the rest.
      const part = distinctIds(stored, from, isFirst ? wanted + Math.floor(wanted / 4) + 8 : MAX_IDS);
      const until = isLast && part.end === stored.length ? null : (stored[part.end - 1] ?? null);
      const rest = { ...input, after, limit: wanted, ids: part.ids, until };
      const newest = await (isFirst ? newestRowsOf(client, rest) : newestAmongMany(client, rest));
      found.push(...newest);
      newestCount += newest.length;
      after = until;
      from = part.end;
      if (isFirst && newest.length === 0) break;
    }
    if ((isLast && from === stored.length) || found.length >= input.limit) break;
    if (newestCount < size * MIN_NEWEST_SHARE) {
      const rest = { ...input, after, limit: input.limit - found.length };
      found.push(...(await newestAmongMany(client, { ...rest, ids: await idsUnlessMany(client, rest) })));
      break;
    }
  }
  return found;
}

const FoundId = z.object({ id: z.string() });

/** The distinct ids of the stored rows; undefined if there are more than `MAX_IDS`. */
async function idsUnlessMany(client: ClickHouse, input: Ordered): Promise<string[] | undefined> {
  const { where } = orderOf(input);
  const ids = await client.select(FoundId, {
    sql: `SELECT DISTINCT schedule_id AS id FROM event_schedules WHERE ${where} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: MAX_IDS + 1 },
  });
  return ids.length > MAX_IDS ? undefined : ids.map(({ id }) => id);
}

/** Up to `max` distinct ids of the rows from index `from`, and the index after the last row read. */
function distinctIds(rows: readonly Position[], from: number, max: number): { ids: string[]; end: number } {
  const ids = new Set<string>();
  let end = from;
  for (; end < rows.length; end += 1) {
    const id = (rows[end] as Position).id;
    if (ids.size === max && !ids.has(id)) break;
    ids.add(id);
  }
  return { ids: [...ids], end };
}

type Ordered = Pick<NewestInput<unknown>, "where" | "sort" | "descending" | "after" | "limit" | "isSearch">;

/** Positions of stored rows, including stale ones. */
async function storedRows(client: ClickHouse, input: Ordered): Promise<Position[]> {
  const { sort, limit } = input;
  const { where, direction } = orderOf(input);
  const from = `FROM event_schedules WHERE ${where}`;
  // The subquery finds the sort key of the page's last row, so that the ids, most of the data, are read for the page
  // only. Null keys sort last in both directions.
  const hasEdge = sort !== BY_ID && !input.isSearch;
  const edge = `WITH (SELECT ${sort.key} ${from} ORDER BY ${sort.key} ${direction} LIMIT 1 OFFSET {before_edge:UInt32}) AS edge`;
  const toEdge = `AND (edge IS NULL OR ${sort.key} ${input.descending ? ">" : "<"}= edge)`;
  // Orders by an expression: for a bare column, ClickHouse would skip data by that column before it applies the edge
  // condition.
  const order = hasEdge ? sort.value : sort.key;
  return client.select(Found, {
    sql: `${hasEdge ? edge : ""} SELECT schedule_id AS id, ${sort.value} AS value
      ${from} ${hasEdge ? toEdge : ""} ORDER BY ${order} ${direction}, schedule_id ${direction} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit, before_edge: limit - 1 },
  });
}

type Wanted<T> = Ordered & { read: Reading<T>; ids?: string[]; until?: Position | null };

/**
 * Like `newestRowsOf`, for many ids of which few have a matching newest row. Finds these few by reading only positions:
 * FINAL over all columns of all ids takes several times as long.
 */
async function newestAmongMany<T>(client: ClickHouse, input: Wanted<T>): Promise<Newest<T>[]> {
  if (input.read.columns === "") return newestRowsOf(client, input);
  const positions = await newestRowsOf(client, { ...input, read: POSITION_ONLY });
  if (positions.length === 0) return [];
  const rows: Newest<T>[] = [];
  for (let from = 0; from < positions.length; from += MAX_IDS) {
    const ids = positions.slice(from, from + MAX_IDS).map(({ position }) => position.id);
    rows.push(...(await newestRowsOf(client, { ...input, ids })));
  }
  return rows;
}

/** Matching newest rows, restricted to `ids` and to rows up to `until` if given. */
async function newestRowsOf<T>(client: ClickHouse, input: Wanted<T>): Promise<Newest<T>[]> {
  const { sort, read, ids, until } = input;
  const { where, direction } = orderOf(input);
  if (until) restrictBy(where, { ...input, position: until, name: "until", side: "upTo" });
  // PREWHERE, so that no column is read for other ids.
  const among = ids === undefined ? "" : "PREWHERE schedule_id IN {among:Array(String)}";
  const columns = read.columns === "" ? "" : `, ${read.columns}`;
  const row = z.unknown().transform((raw) => ({ position: Found.parse(raw), row: read.row.parse(raw) }));
  return client.select(row, {
    sql: `SELECT schedule_id AS id, ${sort.value} AS value ${columns} FROM event_schedules FINAL ${among} WHERE ${where}
      ORDER BY ${sort.key} ${direction}, schedule_id ${direction} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: input.limit, ...(ids === undefined ? {} : { among: ids }) },
  });
}

function orderOf(input: Ordered): { where: Where; direction: "DESC" | "ASC" } {
  const where = input.where.copy();
  if (input.after) restrictBy(where, { ...input, position: input.after, name: "after", side: "after" });
  return { where, direction: input.descending ? "DESC" : "ASC" };
}

/** Restricts to rows after `position` in sort order, or up to and including `position`. */
function restrictBy(
  where: Where,
  input: { sort: SortKey; descending: boolean; position: Position; name: string; side: "after" | "upTo" },
): void {
  const { sort, position, name } = input;
  const { key } = sort;
  const isUpTo = input.side === "upTo";
  const sign = input.descending !== isUpTo ? "<" : ">";
  const orEqual = isUpTo ? "=" : "";
  const id = `{${name}_id:String}`;
  const params = { [`${name}_id`]: position.id };
  if (position.value === null) {
    const isOnSide = `${key} IS NULL AND schedule_id ${sign}${orEqual} ${id}`;
    where.and(isUpTo ? `${key} IS NOT NULL OR (${isOnSide})` : isOnSide, params);
    return;
  }
  const value = sort.placeholder(name);
  const isOnSide = `${key} ${sign}= ${value} AND (${key} ${sign} ${value} OR schedule_id ${sign}${orEqual} ${id})`;
  const includesNulls = sort.mayBeNull && !isUpTo;
  where.and(includesNulls ? `${key} IS NULL OR (${isOnSide})` : isOnSide, { ...params, [name]: position.value });
}
