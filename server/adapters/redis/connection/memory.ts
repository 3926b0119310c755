import { AppError } from "~/server/domain/errors";
import type { RedisMemory } from "~/server/ports/hot/server";
import { infoOfEachMaster } from "./client";
import type { Redis } from "./redis-types";

/** Memory of the server, or of the fullest master of a cluster. */
export async function redisMemory(redis: Redis): Promise<RedisMemory> {
  const [first, ...others] = (await infoOfEachMaster(redis, "memory")).map(parseMemory);
  if (!first) throw new AppError("redis_unavailable", "No master of the Redis Cluster is known.");
  const fullest = others.reduce((fullest, one) => (usedFraction(one) > usedFraction(fullest) ? one : fullest), first);
  // A master that evicts loses schedules, even if it is not the fullest.
  const evicting = [first, ...others].find(({ policy }) => policy !== "noeviction");
  return { ...fullest, policy: (evicting ?? fullest).policy };
}

function parseMemory(info: string): RedisMemory {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  return {
    usedBytes: Number(field("used_memory") ?? 0),
    // Redis reports 0 for no limit.
    maxBytes: Number(field("maxmemory") ?? 0) || null,
    policy: field("maxmemory_policy") ?? "unknown",
  };
}

/** The share of memory in use. Without a limit, a tiny number that grows with the used memory, for comparisons. */
function usedFraction({ usedBytes, maxBytes }: RedisMemory): number {
  return maxBytes === null ? usedBytes * Number.EPSILON : usedBytes / maxBytes;
}
