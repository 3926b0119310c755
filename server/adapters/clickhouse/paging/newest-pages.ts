import { z } from "zod";
import type { Position } from "~/server/domain/cursor";
import type { ClickHouse } from "../connection/client";
import { BY_ID, type SortKey } from "../sql/sort-key";
import type { Where } from "../sql/where";

/*
 * Sorted pages of newest revisions without a FINAL scan. The catalogue holds stale rows until they are merged, and
 * FINAL over the whole table merges all of it. Every matching newest row is also a matching stored row: the first K
 * stored rows in sort order contain all newest rows up to the position of the last of them, so FINAL is needed for
 * their ids only. If nearly all rows of a large batch are stale too, one FINAL over all rows after that position is
 * cheaper: over their ids if those are few, because a schedule that fires often leaves many stale rows.
 */

/** Ids per query; limits the length of a query parameter. */
export const MAX_IDS = 4000;
/** If fewer of the stored rows than this fraction are newest rows, FINAL reads the rest. */
const MIN_NEWEST_SHARE = 0.1;

export interface NewestInput<T> {
  where: Where;
  sort: SortKey;
  descending: boolean;
  after: Position | null;
  limit: number;
  /** The columns to read besides the position. */
  read: Reading<T>;
  /** The condition is more expensive to check than an id is to read, so it is checked only once. */
  isSearch?: boolean;
  /** Called as soon as more stored rows than `limit` match. */
  onMore?: () => void;
}

/** Columns, and the schema of a row. */
export interface Reading<T> {
  columns: string;
  row: z.ZodType<T>;
}

export interface Newest<T> {
  position: Position;
  row: T;
}

/** Reads only the position. */
export const POSITION_ONLY: Reading<null> = { columns: "", row: z.unknown().transform(() => null) };

const Found = z.object({ id: z.string(), value: z.union([z.string(), z.number(), z.null()]) });

/** The first `limit` matching newest rows after `after`. Null values sort last in both directions. */
export async function newestInOrder<T>(client: ClickHouse, input: NewestInput<T>): Promise<Newest<T>[]> {
  const found: Newest<T>[] = [];
  let { after } = input;
  let isMostlyStale = false;
  while (found.length < input.limit) {
    const size: number = isMostlyStale ? MAX_IDS : Math.min(MAX_IDS, 4 * (input.limit - found.length) + 64);
    const stored = await storedRows(client, { ...input, after, limit: size });
    const isLast = stored.length < size;
    if (stored.length > input.limit) input.onMore?.();
    let newestRows = 0;
    for (let from = 0; from < stored.length && found.length < input.limit; ) {
      const wanted = input.limit - found.length;
      // Reading an id costs all columns of its granule, and most stored rows are newest rows. The first query therefore
      // has only about as many ids as rows are needed; later queries have the others.
      const part = distinctIds(stored, from, from === 0 ? wanted + Math.floor(wanted / 4) + 8 : MAX_IDS);
      const until = isLast && part.end === stored.length ? null : (stored[part.end - 1] ?? null);
      const rest = { ...input, after, limit: wanted, ids: part.ids, until };
      const newest = await (from === 0 ? newestRowsOf(client, rest) : newestAmongMany(client, rest));
      found.push(...newest);
      newestRows += newest.length;
      after = until;
      from = part.end;
    }
    if (isLast || found.length >= input.limit) break;
    // A few stale rows at the beginning, such as those of schedules that have just fired, do not make the rest stale.
    const wasMostlyStale = isMostlyStale || size === MAX_IDS;
    isMostlyStale = newestRows < size * MIN_NEWEST_SHARE;
    if (isMostlyStale && wasMostlyStale) {
      const rest = { ...input, after, limit: input.limit - found.length };
      found.push(...(await newestAmongMany(client, { ...rest, ids: await idsUnlessMany(client, rest) })));
      break;
    }
  }
  return found;
}

const FoundId = z.object({ id: z.string() });

/** The ids of the stored rows; undefined if there are more than one query takes. */
async function idsUnlessMany(client: ClickHouse, input: Ordered): Promise<string[] | undefined> {
  const { where } = orderOf(input);
  const ids = await client.select(FoundId, {
    sql: `SELECT DISTINCT schedule_id AS id FROM event_schedules WHERE ${where} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: MAX_IDS + 1 },
  });
  return ids.length > MAX_IDS ? undefined : ids.map(({ id }) => id);
}

/** Up to `max` distinct ids of the rows from `from` on, and the index after the last of them. */
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
  // The subquery finds the key of the page's last row, so that ids, most of the data, are read for the page only. Null
  // keys sort last in both directions.
  const hasEdge = sort !== BY_ID && !input.isSearch;
  const edge = `WITH (SELECT ${sort.key} ${from} ORDER BY ${sort.key} ${direction} LIMIT 1 OFFSET {before_edge:UInt32}) AS edge`;
  const toEdge = `AND (edge IS NULL OR ${sort.key} ${input.descending ? ">" : "<"}= edge)`;
  // With a bare column as order, ClickHouse would filter by that order first, instead of by the edge.
  const order = hasEdge ? sort.value : sort.key;
  return client.select(Found, {
    sql: `${hasEdge ? edge : ""} SELECT schedule_id AS id, ${sort.value} AS value
      ${from} ${hasEdge ? toEdge : ""} ORDER BY ${order} ${direction}, schedule_id ${direction} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit, before_edge: limit - 1 },
  });
}

type Wanted<T> = Ordered & { read: Reading<T>; ids?: string[]; until?: Position | null };

/**
 * Like `newestRowsOf`, for ids of which few have a matching newest row: first finds these few, reading only positions.
 * FINAL over all columns of the other ids, whose rows are stale, would take several times as long.
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

/** Matching newest rows: of `ids` up to `until`, or of all ids. */
async function newestRowsOf<T>(client: ClickHouse, input: Wanted<T>): Promise<Newest<T>[]> {
  const { sort, read, ids, until } = input;
  const { where, direction } = orderOf(input);
  if (until) restrictToAfter(where, { ...input, position: until, name: "until", negate: true });
  // PREWHERE by the key, so that no column is read for other ids.
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
  if (input.after) restrictToAfter(where, { ...input, position: input.after, name: "after", negate: false });
  return { where, direction: input.descending ? "DESC" : "ASC" };
}

/** Restricts to rows after `position` in sort order; with `negate`, up to it. */
function restrictToAfter(
  where: Where,
  input: { sort: SortKey; descending: boolean; position: Position; name: string; negate: boolean },
): void {
  const { sort, position, name, negate } = input;
  const { key } = sort;
  const sign = input.descending !== negate ? "<" : ">";
  const orEqual = negate ? "=" : "";
  const id = `{${name}_id:String}`;
  const params = { [`${name}_id`]: position.id };
  if (position.value === null) {
    const isBeyond = `${key} IS NULL AND schedule_id ${sign}${orEqual} ${id}`;
    where.and(negate ? `${key} IS NOT NULL OR (${isBeyond})` : isBeyond, params);
    return;
  }
  const value = sort.placeholder(name);
  const isBeyond = `${key} ${sign}= ${value} AND (${key} ${sign} ${value} OR schedule_id ${sign}${orEqual} ${id})`;
  const includesNulls = sort.mayBeNull && !negate;
  where.and(includesNulls ? `${key} IS NULL OR (${isBeyond})` : isBeyond, { ...params, [name]: position.value });
}
