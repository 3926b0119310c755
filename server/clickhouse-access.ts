import type { ClickHouseAccess } from "./adapters/clickhouse/connection/client";
import { type Env, EnvError } from "./env";
import { readCertificates } from "./tls-files";

/**
 * The connection options of ClickHouse. Throws `EnvError` if the URL names another database or a certificate file
 * cannot be read.
 */
export function clickHouseAccess(source: Env): ClickHouseAccess {
  const database = decodeURIComponent(new URL(source.CLICKHOUSE_URL).pathname.replace(/^\/+|\/+$/g, ""));
  if (database !== "" && database !== source.CLICKHOUSE_DATABASE) {
    throw new EnvError([
      `CLICKHOUSE_URL names the database "${database}", which differs from CLICKHOUSE_DATABASE: set only CLICKHOUSE_DATABASE`,
    ]);
  }
  return {
    url: source.CLICKHOUSE_URL,
    database: source.CLICKHOUSE_DATABASE,
    username: source.CLICKHOUSE_USER,
    password: source.CLICKHOUSE_PASSWORD,
    ca: readCertificates("CLICKHOUSE", { ca: source.CLICKHOUSE_CA_FILE }).ca,
  };
}
