import { z } from "zod";
import type { DocumentKind } from "~/server/domain/document-kinds";
import type { DocumentRow } from "~/server/ports/store/documents";
import type { ClickHouse } from "../connection/client";
import { rowsOfObjects } from "../sql/compact-rows";

/** The table of each kind of document in the outbox. */
const TABLES = {
  u: "accounts",
  g: "settings",
  a: "audit",
  d: "dead_letter_decisions",
  r: "refused_messages",
  w: "waiting_occurrences",
  t: "applied_retention",
  j: "bulk_jobs",
  q: "quarantine",
  p: "topic_schemas",
  v: "saved_views",
  o: "protection_rules",
} as const satisfies Record<DocumentKind, string>;

const Counted = z.object({ n: z.int() });
const Row = z.object({ key: z.string(), json: z.string(), version: z.int(), deleted: z.boolean() });

export async function insertDocuments(
  client: ClickHouse,
  input: { token: string; kind: DocumentKind; rows: readonly DocumentRow[] },
): Promise<void> {
  const rows = input.rows.map(({ key, json, version, deleted }) => ({ key, json, version, deleted }));
  await client.insert({ table: TABLES[input.kind], ...rowsOfObjects(rows), token: `${input.token}:${input.kind}` });
}

/** The newest version of each key that begins with `start`, in key order. Includes deleted documents. */
export function documents(
  client: ClickHouse,
  kind: "u" | "g" | "j" | "o" | "p" | "t" | "v",
  start = "",
): Promise<DocumentRow[]> {
  return client.select(Row, {
    sql: `SELECT key, json, version, deleted FROM ${TABLES[kind]} FINAL
      WHERE startsWith(key, {start:String}) ORDER BY key`,
    params: { start },
  });
}

export function refusedMessages(client: ClickHouse, limit: number): Promise<DocumentRow[]> {
  return client.select(Row, {
    sql: `SELECT key, json, version, deleted FROM ${TABLES.r} FINAL ORDER BY version DESC, key DESC LIMIT {limit:UInt32}`,
    params: { limit },
  });
}

/**
 * The newest items of the quarantine, and the total. The query removes the bytes of each item, which may be a megabyte,
 * from the JSON.
 */
export async function quarantined(client: ClickHouse, limit: number): Promise<{ items: DocumentRow[]; total: number }> {
  const [items, [counted]] = await Promise.all([
    client.select(Row, {
      sql: `SELECT key, replaceRegexpOne(json, ',"(hex|base64)":"[^"]*"', '') AS json, version, deleted FROM ${TABLES.q} FINAL
        WHERE NOT deleted ORDER BY version DESC, key LIMIT {limit:UInt32}`,
      params: { limit },
    }),
    client.select(Counted, { sql: `SELECT count() AS n FROM ${TABLES.q} FINAL WHERE NOT deleted` }),
  ]);
  return { items, total: counted?.n ?? 0 };
}

export async function quarantinedItem(client: ClickHouse, key: string): Promise<DocumentRow | null> {
  const sql = `SELECT key, json, version, deleted FROM ${TABLES.q} FINAL WHERE key = {key:String} AND NOT deleted`;
  return (await client.select(Row, { sql, params: { key } }))[0] ?? null;
}

export function waitingSince(
  client: ClickHouse,
  input: { sinceMs: number; afterKey?: string; limit: number },
): Promise<DocumentRow[]> {
  return client.select(Row, {
    sql: `SELECT key, json, version, deleted FROM ${TABLES.w} FINAL
      WHERE key > {after:String} AND version >= {since:UInt64} ORDER BY key LIMIT {limit:UInt32}`,
    params: { after: input.afterKey ?? "", since: input.sinceMs, limit: input.limit },
  });
}
