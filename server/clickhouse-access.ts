import type { ClickHouseAccess } from "./adapters/clickhouse/connection/client";
import { type Env, EnvError } from "./env";
import { readCertificates } from "./tls-files";

/**
 * How the environment says that ClickHouse is reached. Throws `EnvError` for what contradicts itself or cannot be read.
 */
export function clickHouseAccess(given: Env): ClickHouseAccess {
  const database = decodeURIComponent(new URL(given.CLICKHOUSE_URL).pathname.replace(/^\/+|\/+$/g, ""));
  if (database !== "" && database !== given.CLICKHOUSE_DATABASE) {
    throw new EnvError([
      `CLICKHOUSE_URL names the database "${database}", CLICKHOUSE_DATABASE another: name it there only`,
    ]);
  }
  return {
    url: given.CLICKHOUSE_URL,
    database: given.CLICKHOUSE_DATABASE,
    username: given.CLICKHOUSE_USER,
    password: given.CLICKHOUSE_PASSWORD,
    ca: readCertificates("CLICKHOUSE", { ca: given.CLICKHOUSE_CA_FILE }).ca,
  };
}
