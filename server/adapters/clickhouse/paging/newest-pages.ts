import { z } from "zod";
import type { ClickHouse } from "../connection/client";
import { BY_ID, type SortKey } from "../sql/sort-key";
import type { Where } from "../sql/where";
import type { Position } from "./cursor";

/*
 * Sorted pages of the newest revisions without a FINAL scan. A table of revisions holds stale rows until they are
 * merged away, and FINAL over all of it costs a merge of all of it. But every newest row that matches is also a stored
 * row that matches: so the first K stored rows in sort order (a plain scan, or a projection) hold all newest rows up to
 * the position of the last of them, and FINAL is only asked about their ids. Where nearly all of them are stale, it is
 * cheaper to let FINAL go over the rest.
 */

/** Ids of one question; bounds the length of a query parameter. */
export const MAX_IDS = 4000;
/** Below this share of newest rows among those looked at, the rest is left to FINAL. */
const MIN_NEWEST_SHARE = 0.1;

export interface NewestInput<T> {
  where: Where;
  sort: SortKey;
  descending: boolean;
  after: Position | null;
  limit: number;
  /** What is wanted of each row beside its position. */
  read: Reading<T>;
  /** The condition is dearer to check than an id to read: it is checked once. */
  isSearch?: boolean;
  /** Called as soon as it is known that more stored rows match than `limit`. */
  onMore?: () => void;
}

/** Columns, and what they make. */
export interface Reading<T> {
  columns: string;
  row: z.ZodType<T>;
}

export interface Newest<T> {
  position: Position;
  row: T;
}

/** Nothing but the position. */
export const POSITION_ONLY: Reading<null> = { columns: "", row: z.unknown().transform(() => null) };

const Found = z.object({ id: z.string(), value: z.union([z.string(), z.number(), z.null()]) });

/** The first `limit` newest, matching rows after `after`. Null values sort last either way. */
export async function newestInOrder<T>(client: ClickHouse, input: NewestInput<T>): Promise<Newest<T>[]> {
  const found: Newest<T>[] = [];
  let { after } = input;
  while (found.length < input.limit) {
    const size = Math.min(MAX_IDS, 4 * (input.limit - found.length) + 64);
    const stored = await storedRows(client, { ...input, after, limit: size });
    const isLast = stored.length < size;
    if (stored.length > input.limit) input.onMore?.();
    let newestRows = 0;
    for (let from = 0; from < stored.length && found.length < input.limit; ) {
      const wanted = input.limit - found.length;
      // Each id costs a read of all columns around it, and most stored rows are the newest: first about as many as are
      // wanted, then the others.
      const part = distinctIds(stored, from, from === 0 ? wanted + (wanted >> 2) + 8 : MAX_IDS);
      const until = isLast && part.end === stored.length ? null : (stored[part.end - 1] ?? null);
      const newest = await newestRowsOf(client, { ...input, after, limit: wanted, ids: part.ids, until });
      found.push(...newest);
      newestRows += newest.length;
      after = until;
      from = part.end;
    }
    if (isLast || found.length >= input.limit) break;
    if (newestRows < size * MIN_NEWEST_SHARE) {
      found.push(...(await newestRowsOf(client, { ...input, after, limit: input.limit - found.length })));
      break;
    }
  }
  return found;
}

/** The ids of the rows from `from` on, up to `most` different ones, and where they end. */
function distinctIds(rows: readonly Position[], from: number, most: number): { ids: string[]; end: number } {
  const ids = new Set<string>();
  let end = from;
  for (; end < rows.length; end += 1) {
    const id = (rows[end] as Position).id;
    if (ids.size === most && !ids.has(id)) break;
    ids.add(id);
  }
  return { ids: [...ids], end };
}

type Ordered = Pick<NewestInput<unknown>, "where" | "sort" | "descending" | "after" | "limit" | "isSearch">;

/** Positions of stored rows, stale ones as well. */
async function storedRows(client: ClickHouse, input: Ordered): Promise<Position[]> {
  const { sort, limit } = input;
  const { where, way } = orderOf(input);
  const from = `FROM event_schedules WHERE ${where}`;
  // The key of the last row first: so the ids, the bulk of what is read, are read of the page alone. Null keys sort
  // last either way.
  const hasEdge = sort !== BY_ID && !input.isSearch;
  const edge = `WITH (SELECT ${sort.key} ${from} ORDER BY ${sort.key} ${way} LIMIT 1 OFFSET {before_edge:UInt32}) AS edge`;
  const toEdge = `AND (edge IS NULL OR ${sort.key} ${input.descending ? ">" : "<"}= edge)`;
  // A bare column as the order of what is left would make the engine filter by that order first, not by the edge.
  const order = hasEdge ? sort.value : sort.key;
  return client.select(Found, {
    sql: `${hasEdge ? edge : ""} SELECT schedule_id AS id, ${sort.value} AS value
      ${from} ${hasEdge ? toEdge : ""} ORDER BY ${order} ${way}, schedule_id ${way} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit, before_edge: limit - 1 },
  });
}

/** Newest rows that match: of `ids` up to `until`, or of all. */
async function newestRowsOf<T>(
  client: ClickHouse,
  input: Ordered & { read: Reading<T>; ids?: string[]; until?: Position | null },
): Promise<Newest<T>[]> {
  const { sort, read, ids, until } = input;
  const { where, way } = orderOf(input);
  if (until) beyond(where, { ...input, position: until, name: "until", negate: true });
  // By the key, before the revisions are compared: so no column is read of other ids than these.
  const among = ids === undefined ? "" : "PREWHERE schedule_id IN {among:Array(String)}";
  const columns = read.columns === "" ? "" : `, ${read.columns}`;
  const row = z.unknown().transform((raw) => ({ position: Found.parse(raw), row: read.row.parse(raw) }));
  return client.select(row, {
    sql: `SELECT schedule_id AS id, ${sort.value} AS value ${columns} FROM event_schedules FINAL ${among} WHERE ${where}
      ORDER BY ${sort.key} ${way}, schedule_id ${way} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: input.limit, ...(ids === undefined ? {} : { among: ids }) },
  });
}

function orderOf(input: Ordered): { where: Where; way: "DESC" | "ASC" } {
  const where = input.where.copy();
  if (input.after) beyond(where, { ...input, position: input.after, name: "after", negate: false });
  return { where, way: input.descending ? "DESC" : "ASC" };
}

/** Rows after `position` in the order; with `negate`, those up to it. */
function beyond(
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
  const value = sort.given(name);
  const isBeyond = `${key} ${sign}= ${value} AND (${key} ${sign} ${value} OR schedule_id ${sign}${orEqual} ${id})`;
  const nullsToo = sort.mayBeNull && !negate;
  where.and(nullsToo ? `${key} IS NULL OR (${isBeyond})` : isBeyond, { ...params, [name]: position.value });
}
