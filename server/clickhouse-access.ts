import type { ClickHouseAccess } from "./adapters/clickhouse/client";
import type { Env } from "./env";

/** How the environment says that ClickHouse is reached. */
export function clickHouseAccess(given: Env): ClickHouseAccess {
  return {
    url: given.CLICKHOUSE_URL,
    username: given.CLICKHOUSE_USER,
    password: given.CLICKHOUSE_PASSWORD,
    database: given.CLICKHOUSE_DATABASE,
  };
}
