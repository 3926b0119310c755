import type { RedisServerInfo } from "~/server/ports/hot/server";
import { infoOfEachMaster } from "./client";
import { configOf } from "./persistence";
import type { Redis } from "./redis-types";

/** Version, mode and persistence of the server, or of all masters of a cluster. */
export async function redisServerInfo(redis: Redis): Promise<RedisServerInfo> {
  const [servers, persistence, fsync] = await Promise.all([
    infoOfEachMaster(redis, "server"),
    infoOfEachMaster(redis, "persistence"),
    configOf(redis, "appendfsync"),
  ]);
  const versions = servers.map((info) => ({
    name: field(info, "server_name") ?? "redis",
    version: field(info, "valkey_version") ?? field(info, "redis_version") ?? "unknown",
  }));
  const [oldest] = versions.toSorted((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
  return {
    name: oldest?.name ?? "redis",
    version: oldest?.version ?? "unknown",
    mode: (servers[0] && field(servers[0], "redis_mode")) ?? "unknown",
    masters: servers.length,
    appendOnly: persistence.every((info) => field(info, "aof_enabled") === "1"),
    appendFsync: fsync.length === 0 ? null : [...new Set(fsync)].join(", "),
  };
}

const field = (info: string, name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
