import { z } from "zod";
import type { ClickHouse } from "~/server/adapters/clickhouse/connection/client";

/*
 * A generated statement spans days. Inserted into the ledger, nearly every row would create its own aggregate state in
 * each view. The history is therefore written to a staging table, rolled up in slices of whole days, and attached to
 * the ledger, which triggers no view.
 */

const DAY_MS = 86_400_000;
const LEDGER = "schedule_execution_results";
export const STAGING_TABLE = "seed_staged_results";
/** Concurrent roll-up statements. */
const CONCURRENCY = 2;
/** Approximate number of rows per roll-up statement. Each statement covers whole days. */
const SLICE_ROWS = 200_000;

const Table = z.object({
  name: z.string(),
  as_select: z.string(),
  create_table_query: z.string(),
  engine_full: z.string(),
});
const Column = z.object({ table: z.string(), name: z.string() });
const Name = z.object({ name: z.string() });
const Span = z.object({ first: z.int(), last: z.int(), n: z.coerce.number() });

/** Creates an empty table with the ledger's columns but without its views. */
export async function createStagingTable(client: ClickHouse): Promise<void> {
  await dropStagingTable(client);
  await client.command({ sql: `CREATE TABLE ${STAGING_TABLE} AS ${LEDGER}` });
  // The ledger merges the parts later.
  await client.command({ sql: `SYSTEM STOP MERGES ${STAGING_TABLE}` });
}

export async function dropStagingTable(client: ClickHouse): Promise<void> {
  await client.command({ sql: `DROP TABLE IF EXISTS ${STAGING_TABLE} SYNC` });
}

interface View {
  target: string;
  columns: string[];
  select: string;
  /** The retention of the target table. */
  retentionDays: number;
}

/** Rolls up all staged rows, then attaches them to the ledger. */
export async function publishStagingTable(client: ClickHouse, nowMs: number): Promise<void> {
  const [span] = await client.select(Span, {
    sql: `SELECT toUInt32(toDate(min(scheduled_for), 'UTC')) AS first, toUInt32(toDate(max(scheduled_for), 'UTC')) AS last, count() AS n
      FROM ${STAGING_TABLE}`,
  });
  if (span === undefined || span.n === 0) return;
  const today = Math.floor(nowMs / DAY_MS);
  const days = Math.max(1, Math.round((SLICE_ROWS / span.n) * (span.last - span.first + 1)));
  const work: { view: View; from: number; to: number }[] = [];
  for (const view of await viewsOfLedger(client)) {
    // Rows beyond the target's retention are not rolled up.
    for (let from = Math.max(span.first, today - view.retentionDays); from <= span.last; from += days) {
      work.push({ view, from, to: from + days });
    }
  }
  const runNext = async () => {
    for (let next = work.shift(); next !== undefined; next = work.shift()) await rollUp(client, next);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, runNext));
  const partitions = await client.select(Name, {
    sql: `SELECT DISTINCT partition_id AS name FROM system.parts
      WHERE active AND database = currentDatabase() AND table = '${STAGING_TABLE}' ORDER BY name`,
  });
  for (const { name } of partitions) {
    await client.command({ sql: `ALTER TABLE ${LEDGER} ATTACH PARTITION ID '${name}' FROM ${STAGING_TABLE}` });
  }
}

/**
 * The ledger's views in this database. The roll-up uses their SELECT, so that its results are the same.
 */
async function viewsOfLedger(client: ClickHouse): Promise<View[]> {
  const tables = await client.select(Table, {
    sql: `SELECT name, as_select, create_table_query, engine_full FROM system.tables WHERE database = currentDatabase()`,
  });
  const columns = await client.select(Column, {
    sql: "SELECT table, name FROM system.columns WHERE database = currentDatabase() ORDER BY table, position",
  });
  const views = tables.flatMap(({ name, as_select, create_table_query }) => {
    const source = new RegExp(`FROM \\S+\\.${LEDGER} AS results\\b`);
    const target = /\sTO (?:\S+\.)?(\w+) /.exec(create_table_query)?.[1];
    if (target === undefined || !source.test(as_select)) return [];
    const engine = tables.find((table) => table.name === target)?.engine_full ?? "";
    return {
      target,
      columns: columns.filter((column) => column.table === name).map((column) => column.name),
      select: as_select.replace(source, `FROM ${SLICE} AS results`),
      retentionDays: Number(/TTL bucket \+ toIntervalDay\((\d+)\)/.exec(engine)?.[1] ?? Infinity),
    };
  });
  if (views.length === 0) throw new Error(`No view reads ${LEDGER}: expected the views that the migrations create.`);
  return views;
}

const SLICE = `(SELECT * FROM ${STAGING_TABLE}
  WHERE scheduled_for >= toDateTime64(toDate({from:UInt16}), 3, 'UTC') AND scheduled_for < toDateTime64(toDate({to:UInt16}), 3, 'UTC'))`;

/** Rolls up the days from `from` to before `to`. */
async function rollUp(client: ClickHouse, { view, from, to }: { view: View; from: number; to: number }): Promise<void> {
  await client.command({
    sql: `INSERT INTO ${view.target} (${view.columns.join(", ")}) ${view.select}`,
    params: { from, to },
    settings: { max_execution_time: 0, max_partitions_per_insert_block: "0" },
  });
}
