import { z } from "zod";
import type { AuditFilter } from "~/server/domain/audit/filter";
import { decodeCursor, encodeCursor } from "~/server/domain/cursor";
import type { ClickHouse } from "../connection/client";
import { Where } from "../sql/where";

const SORT = { sort: "audit", type: "string" } as const;

const Row = z.object({ key: z.string(), json: z.string() });
const Counted = z.object({ n: z.int() });

/** A page of the audit trail, newest first. Keys begin with the time, so the table is read from its end. */
export async function listAudit(
  client: ClickHouse,
  { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string },
): Promise<{ items: string[]; nextCursor: string | null }> {
  const where = auditWhere(filter);
  if (cursor !== undefined) where.and("key < {after:String}", { after: decodeCursor(cursor, SORT).id });
  // LIMIT 1 BY key removes the duplicates of a batch that was recorded twice.
  const rows = await client.select(Row, {
    sql: `SELECT key, json FROM audit WHERE ${where} ORDER BY key DESC LIMIT 1 BY key LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: limit + 1 },
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor(SORT.sort, { value: null, id: last.key }) : null;
  return { items: items.map((row) => row.json), nextCursor };
}

export async function countAudit(
  client: ClickHouse,
  { max, ...filter }: AuditFilter & { max: number },
): Promise<number> {
  const where = auditWhere(filter);
  const [row] = await client.select(Counted, {
    sql: `SELECT count() AS n FROM (SELECT 1 FROM audit WHERE ${where} LIMIT 1 BY key LIMIT {max_rows:UInt32})`,
    params: { ...where.params, max_rows: max },
  });
  return row?.n ?? 0;
}

function auditWhere({ fromMs, toMs, actor, verbs, targets, result, bulkItems }: AuditFilter): Where {
  const where = new Where()
    // The version of an audit row is its time, epoch ms.
    .and("version >= {from:UInt64} AND version < {to:UInt64}", { from: Math.max(0, fromMs), to: Math.max(0, toMs) })
    .when(actor, "positionCaseInsensitiveUTF8(actor, {actor:String}) > 0", "actor")
    .when(verbs, "verb IN {verbs:Array(String)}", "verbs")
    .when(targets, "hasAny(about, {targets:Array(String)})", "targets")
    .when(result, "result = {result:String}", "result");
  return bulkItems === false ? where.and("job = ''") : where;
}
