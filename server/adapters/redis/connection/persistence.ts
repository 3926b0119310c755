import type { RedisPersistence } from "~/server/ports/hot/server";
import { infoOfEachMaster, isCluster } from "./client";
import type { Redis } from "./redis-types";

/**
 * Reads the persistence settings. In a cluster, all masters must be durable. A managed server may refuse CONFIG; it is
 * then assumed to sync every second.
 */
export async function redisPersistence(redis: Redis): Promise<RedisPersistence> {
  const infos = await infoOfEachMaster(redis, "persistence");
  if (infos.some((info) => !/^aof_enabled:1/m.test(info))) {
    const snapshots = await configOf(redis, "save");
    const persisted =
      snapshots.length === 0
        ? "whether it keeps snapshots is unknown"
        : snapshots.some((value) => value !== "")
          ? "it keeps snapshots only, which miss the last minutes"
          : "it keeps nothing on disk";
    return { isDurable: false, fault: `Redis has no append-only file: ${persisted}. Set appendonly to yes.` };
  }
  if ((await configOf(redis, "appendfsync")).includes("no")) {
    const fault = "Redis never syncs its append-only file to the disk. Set appendfsync to everysec.";
    return { isDurable: false, fault };
  }
  return { isDurable: true };
}

/** The values of a configuration parameter on all masters, without those of masters that refuse CONFIG. */
export async function configOf(redis: Redis, name: string): Promise<string[]> {
  const nodes = isCluster(redis) ? redis.nodes("master") : [redis];
  const answers = await Promise.all(nodes.map((node) => node.config("GET", name).catch(noneIfRefused)));
  return (answers as string[][]).flatMap(([, value]) => (value === undefined ? [] : [value]));
}

/** Returns no values if the server refuses CONFIG; throws other errors. */
function noneIfRefused(error: Error): string[] {
  if (/NOPERM|unknown command|not allowed|disabled/i.test(error.message)) return [];
  throw error;
}
