import { z } from "zod";
import type { ClickHouse } from "./client";
import type { DocumentRow } from "./store-types";

/** Accounts (users), settings and the audit trail, by the outbox's kind. */
const TABLES = { u: "accounts", g: "settings", a: "audit" } as const;

const Row = z.object({ key: z.string(), json: z.string(), version: z.int(), deleted: z.boolean() });

export async function insertDocuments(
  client: ClickHouse,
  input: { token: string; kind: keyof typeof TABLES; rows: readonly DocumentRow[] },
): Promise<void> {
  const rows = input.rows.map(({ key, json, version, deleted }) => ({ key, json, version, deleted }));
  await client.insert({ table: TABLES[input.kind], rows, token: `${input.token}:${input.kind}` });
}

/** The newest version of each key, deleted ones left out, in key order. */
export function documents(client: ClickHouse, kind: "u" | "g"): Promise<DocumentRow[]> {
  return client.select(Row, {
    sql: `SELECT key, json, version, deleted FROM ${TABLES[kind]} FINAL WHERE NOT deleted ORDER BY key`,
  });
}
