import { z } from "zod";
import type { ClickHouse } from "./client";
import type { Position } from "./cursor";
import { BY_ID, type SortKey } from "./schedule-filter";
import type { Where } from "./sql";

/*
 * Sorted pages of the newest revisions without a FINAL scan. A table of revisions holds stale rows until they are merged
 * away, and FINAL over all of it costs a merge of all of it. But every newest row that matches is also a stored row that
 * matches: so the first K stored rows in sort order (a plain scan, or a projection) hold all newest rows up to the
 * position of the last of them, and FINAL is only asked about their ids. Where nearly all of them are stale, it is cheaper
 * to let FINAL go over the rest.
 */

/** Ids of one question; bounds the length of a query parameter. */
export const MAX_IDS = 4000;
/** Below this share of newest rows among those looked at, the rest is left to FINAL. */
const MIN_NEWEST_SHARE = 0.1;

export interface NewestInput {
  where: Where;
  sort: SortKey;
  descending: boolean;
  after: Position | null;
  limit: number;
}

const Found = z.object({ id: z.string(), value: z.union([z.string(), z.number(), z.null()]) });

/** The first `limit` newest, matching rows after `after`: their ids and sort values. Null values sort last either way. */
export async function newestInOrder(client: ClickHouse, input: NewestInput): Promise<Position[]> {
  const found: Position[] = [];
  let after = input.after;
  while (found.length < input.limit) {
    const wanted = input.limit - found.length;
    const size = Math.min(MAX_IDS, 4 * wanted + 64);
    const stored = await rows(client, { ...input, after, limit: size, final: false });
    const complete = stored.length < size;
    const last = stored.at(-1);
    if (last === undefined) break;
    const newest = await rows(client, {
      ...input,
      after,
      limit: wanted,
      final: true,
      among: { ids: [...new Set(stored.map((row) => row.id))], until: complete ? null : last },
    });
    found.push(...newest);
    if (complete) break;
    after = newest.length === wanted ? (newest.at(-1) ?? last) : last;
    if (newest.length < size * MIN_NEWEST_SHARE && found.length < input.limit) {
      found.push(...(await rows(client, { ...input, after, limit: input.limit - found.length, final: true })));
      break;
    }
  }
  return found;
}

async function rows(
  client: ClickHouse,
  input: NewestInput & { final: boolean; among?: { ids: string[]; until: Position | null } },
): Promise<Position[]> {
  const { sort, descending, among } = input;
  const where = input.where.copy();
  if (input.after) beyond(where, { sort, descending, position: input.after, name: "after", negate: false });
  if (among) {
    where.and("schedule_id IN {among:Array(String)}", { among: among.ids });
    if (among.until) beyond(where, { sort, descending, position: among.until, name: "until", negate: true });
  }
  const way = descending ? "DESC" : "ASC";
  const from = `FROM event_schedules ${input.final ? "FINAL" : ""} WHERE ${where}`;
  // The key of the last row first: so the ids, the bulk of what is read, are read of the page alone. Null keys sort last either way.
  const hasEdge = !input.final && sort !== BY_ID;
  const edge = `WITH (SELECT ${sort.key} ${from} ORDER BY ${sort.key} ${way} LIMIT 1 OFFSET {before_edge:UInt32}) AS edge`;
  const toEdge = `AND (edge IS NULL OR ${sort.key} ${descending ? ">" : "<"}= edge)`;
  // A bare column as the order of what is left would make the engine filter by that order first, not by the edge.
  const order = hasEdge ? sort.value : sort.key;
  return client.select(Found, {
    sql: `${hasEdge ? edge : ""} SELECT schedule_id AS id, ${sort.value} AS value
      ${from} ${hasEdge ? toEdge : ""} ORDER BY ${order} ${way}, schedule_id ${way} LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: input.limit, before_edge: input.limit - 1 },
  });
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
