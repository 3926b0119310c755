import type { DataSet } from "./data-set";

const TABLE = "raw_results";
/** What the questions of the explorer and of the analytics read. */
const COLUMNS = `execution_id, schedule_id, scheduled_for, outcome, late, topic, source, tier, attempt_count, lateness_ms, publish_ms`;

/** The ledger as it would be without our ordering, indexes and projections: the columns that are asked for, in the order they came in. */
export async function withUnordered<T>({ client }: DataSet, run: (table: string) => Promise<T>): Promise<T> {
  await client.command({ sql: `DROP TABLE IF EXISTS ${TABLE}` });
  await client.command({
    sql: `CREATE TABLE ${TABLE} ENGINE = MergeTree ORDER BY tuple() AS SELECT ${COLUMNS} FROM schedule_execution_results ORDER BY cityHash64(execution_id)`,
    settings: { max_execution_time: 0, max_bytes_before_external_sort: "4000000000" },
  });
  try {
    return await run(TABLE);
  } finally {
    await client.command({ sql: `DROP TABLE ${TABLE} SYNC` });
  }
}
