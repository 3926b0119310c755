import type { RedisPersistence } from "~/server/ports/hot/server";
import { infoOfMasters, isCluster } from "./client";
import type { Redis } from "./redis-types";

/**
 * Reads the persistence settings of the servers; in a cluster the worst master decides. A managed server may refuse
 * CONFIG and then counts as `everysec`; INFO reports the append-only file itself.
 */
export async function redisPersistence(redis: Redis): Promise<RedisPersistence> {
  const infos = await infoOfMasters(redis, "persistence");
  if (infos.some((info) => !/^aof_enabled:1/m.test(info))) {
    const snapshots = (await configOf(redis, "save")).some((value) => value !== "");
    const persisted = snapshots ? "it keeps snapshots only, which miss the last minutes" : "it keeps nothing on disk";
    return { isDurable: false, fault: `Redis has no append-only file: ${persisted}. Set appendonly to yes.` };
  }
  if ((await configOf(redis, "appendfsync")).includes("no")) {
    const fault = "Redis leaves the append-only file to the system's cache. Set appendfsync to everysec.";
    return { isDurable: false, fault };
  }
  return { isDurable: true };
}

async function configOf(redis: Redis, name: string): Promise<string[]> {
  const nodes = isCluster(redis) ? redis.nodes("master") : [redis];
  const answers = await Promise.all(nodes.map((node) => node.config("GET", name).catch(refusedConfig)));
  return (answers as string[][]).flatMap(([, value]) => (value === undefined ? [] : [value]));
}

/** Treats a refused CONFIG as unknown; other errors are thrown. */
function refusedConfig(error: Error): string[] {
  if (/NOPERM|unknown command|not allowed|disabled/i.test(error.message)) return [];
  throw error;
}
