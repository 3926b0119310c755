import { z } from "zod";
import type { ClickHouse } from "../connection/client";
import { BY_ID, type SortKey } from "../sql/sort-key";
import type { Where } from "../sql/where";
import type { Position } from "./cursor";

/*
 * Sorted pages of newest revisions without a FINAL scan. The table holds stale rows until they are merged, and FINAL
 * over the whole table merges all of it. Every matching newest row is also a matching stored row: the first K stored
 * rows in sort order contain all newest rows up to the position of the last of them, so FINAL is needed for their ids
 * only. If nearly all stored rows are stale, FINAL over the rest is cheaper.
 */

/** Ids per query; limits the length of a query parameter. */
export const MAX_IDS = 4000;
/** If the share of newest rows among the stored ones is lower, FINAL reads the rest. */
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
  while (found.length < input.limit) {
    const size = Math.min(MAX_IDS, 4 * (input.limit - found.length) + 64);
    const stored = await storedRows(client, { ...input, after, limit: size });
    const isLast = stored.length < size;
    if (stored.length > input.limit) input.onMore?.();
    let newestRows = 0;
    for (let from = 0; from < stored.length && found.length < input.limit; ) {
      const wanted = input.limit - found.length;
      // Each id costs a read of all columns around it, and most stored rows are newest rows: first read about as many
      // ids as rows are needed, then the others.
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

/** Up to `most` distinct ids of the rows from `from` on, and the index after the last of them. */
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

/** Positions of stored rows, including stale ones. */
async function storedRows(client: ClickHouse, input: Ordered): Promise<Position[]> {
  const { sort, limit } = input;
  const { where, way } = orderOf(input);
  const from = `FROM event_schedules WHERE ${where}`;
  // The subquery finds the key of the page's last row, so that ids, most of the data, are read for the page only. Null
  // keys sort last in both directions.
  const hasEdge = sort !== BY_ID && !input.isSearch;
  const edge = `WITH (SELECT ${sort.key} ${from} ORDER BY ${sort.key} ${way} LIMIT 1 OFFSET {before_edge:UInt32}) AS edge`;
  const toEdge = `AND (edge IS NULL OR ${sort.key} ${input.descending ? ">" : "<"}= edge)`;
  // With a bare column as order, the engine would filter by that order first, instead of by the edge.
  const order = hasEdge ? sort.value : sort.key;
  return client.select(Found, {
    sql: `${hasEdge ? edge : ""} SELECT schedule_id AS id, ${sort.value} AS value
      ${from} ${hasEdge ? toEdge : ""} ORDER BY ${order} ${way}, schedule_id ${way} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit, before_edge: limit - 1 },
  });
}

/** Matching newest rows: of `ids` up to `until`, or of all ids. */
async function newestRowsOf<T>(
  client: ClickHouse,
  input: Ordered & { read: Reading<T>; ids?: string[]; until?: Position | null },
): Promise<Newest<T>[]> {
  const { sort, read, ids, until } = input;
  const { where, way } = orderOf(input);
  if (until) beyond(where, { ...input, position: until, name: "until", negate: true });
  // PREWHERE by the key, so that no column is read for other ids.
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

/** Restricts to rows after `position` in sort order; with `negate`, up to it. */
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
  const value = sort.placeholder(name);
  const isBeyond = `${key} ${sign}= ${value} AND (${key} ${sign} ${value} OR schedule_id ${sign}${orEqual} ${id})`;
  const nullsToo = sort.mayBeNull && !negate;
  where.and(nullsToo ? `${key} IS NULL OR (${isBeyond})` : isBeyond, { ...params, [name]: position.value });
}
