import { z } from "zod";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { chooseZones } from "~/server/adapters/tz/choose";
import { loadZones } from "~/server/domain/recurrence";
import { readCertificates } from "~/server/tls-files";

/** A statement generates a million rows. */
const TIMEOUT_MS = 600_000;

/**
 * Connects to the ClickHouse of the environment, creates missing tables, and loads the time zones. Throws if
 * `CLICKHOUSE_URL` is missing.
 */
export async function openTarget(): Promise<ClickHouse> {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_DATABASE: database = "stufio", CLICKHOUSE_CLUSTER: cluster } = process.env;
  if (!url) throw new Error("CLICKHOUSE_URL is missing: set the address of the target, such as http://127.0.0.1:8123");
  loadZones(chooseZones({ tzdataDir: process.env.TZDATA_DIR || null }).database);
  const client = createClickHouse({
    url,
    username: process.env.CLICKHOUSE_USER || undefined,
    password: process.env.CLICKHOUSE_PASSWORD || undefined,
    database,
    ca: readCertificates("CLICKHOUSE", { ca: process.env.CLICKHOUSE_CA_FILE || undefined }).ca,
    requestTimeoutMs: TIMEOUT_MS,
  });
  await migrate(client, { database, cluster: cluster || null, withLock: (run) => run() });
  return client;
}

export async function hasSchedules(client: ClickHouse): Promise<boolean> {
  const rows = await client.select(z.object({ n: z.coerce.number() }), {
    sql: "SELECT count() AS n FROM (SELECT 1 FROM event_schedules LIMIT 1)",
  });
  return (rows[0]?.n ?? 0) > 0;
}
