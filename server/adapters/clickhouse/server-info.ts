import { z } from "zod";
import type { StoreServerInfo } from "~/server/ports/store/store";
import type { ClickHouse } from "./connection/client";

const ServerRow = z.object({ version: z.string(), timezone: z.string(), nowMs: z.int() });
const SettingRow = z.object({ name: z.string(), value: z.string(), isChanged: z.coerce.boolean() });
const DiskRow = z.object({ name: z.string(), freeBytes: z.number(), totalBytes: z.number() });
const PartsRow = z.object({ most: z.int() });

/** Settings that an operator may have changed, and that limit what the product can do. */
const SETTINGS = ["readonly", "max_memory_usage", "max_execution_time", "async_insert", "insert_quorum"];

export async function serverInfo(client: ClickHouse): Promise<StoreServerInfo> {
  const [server, settings, disks, parts] = await Promise.all([
    client.select(ServerRow, {
      sql: "SELECT version() AS version, timezone() AS timezone, toUnixTimestamp64Milli(now64(3)) AS nowMs",
    }),
    client.select(SettingRow, {
      sql: `SELECT name, value, changed AS isChanged FROM system.settings
        WHERE name IN {names:Array(String)} ORDER BY name`,
      params: { names: SETTINGS },
    }),
    client.select(DiskRow, {
      sql: "SELECT name, free_space AS freeBytes, total_space AS totalBytes FROM system.disks ORDER BY name",
    }),
    client.select(PartsRow, {
      sql: `SELECT max(n) AS most FROM (SELECT count() AS n FROM system.parts
        WHERE active AND database = currentDatabase() GROUP BY table, partition_id)`,
    }),
  ]);
  const [{ version, timezone, nowMs } = { version: "unknown", timezone: "unknown", nowMs: Number.NaN }] = server;
  return {
    ...{ version, timezone, nowMs, settings },
    // A disk in memory or in an object store reports a size beyond any disk.
    disks: disks.filter(({ totalBytes }) => totalBytes > 0 && totalBytes < Number.MAX_SAFE_INTEGER),
    mostParts: parts[0]?.most ?? 0,
  };
}
