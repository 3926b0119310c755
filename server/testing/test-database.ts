import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";

/*
 * Databases of tests. Migrating a database takes more than a second, and the server spends time on the tables of each
 * database as long as they exist. So a run migrates one database, the template, and each test copies its tables and
 * drops the copy at its end.
 */

/** The statement that creates a table or a view of the template. */
const Statement = z.object({ sql: z.string() });

/** A unique name. */
export const aDatabase = () => `t${randomUUID().replaceAll("-", "").slice(0, 12)}`;

/** Creates the client's database with the tables of the current version. */
export async function createTables(client: ClickHouse, { url, database }: { url: string; database: string }) {
  const template = process.env.TEST_CLICKHOUSE_TEMPLATE;
  if (template !== undefined && url === process.env.TEST_CLICKHOUSE_URL) await copyTables(client, template, database);
  await migrate(client, { database, cluster: null, withLock: (run) => run() });
}

async function copyTables(client: ClickHouse, template: string, database: string) {
  await client.createDatabase({ onCluster: "" });
  // Views come last, because they read and write the tables.
  const statements = await client.select(Statement, {
    sql: `SELECT create_table_query AS sql FROM system.tables WHERE database = {template:String}
      ORDER BY engine = 'MaterializedView', name`,
    params: { template },
  });
  for (const { sql } of statements) await client.command({ sql: sql.replaceAll(`${template}.`, `${database}.`) });
  await client.command({ sql: `INSERT INTO schema_migrations SELECT * FROM ${template}.schema_migrations` });
}

/** Drops a database, which need not exist. */
export async function dropDatabase(url: string, database: string) {
  const client = createClickHouse({ url, database: "default" });
  await client.command({ sql: `DROP DATABASE IF EXISTS ${database}` });
  await client.close();
}

/**
 * Vitest's global setup: creates the template in the ClickHouse that `npm test` started, and returns the function that
 * drops it. Vitest calls it for the root configuration and for each project; the first call creates the template.
 */
export default async function createTemplate(): Promise<() => Promise<void>> {
  const url = process.env.TEST_CLICKHOUSE_URL;
  if (url === undefined || process.env.TEST_CLICKHOUSE_TEMPLATE !== undefined) return async () => {};
  const database = `${aDatabase()}template`;
  const client = createClickHouse({ url, database });
  await createTables(client, { url, database });
  process.env.TEST_CLICKHOUSE_TEMPLATE = database;
  return async () => {
    await client.close();
    await dropDatabase(url, database);
  };
}
