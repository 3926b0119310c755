import type { Counters } from "~/server/ports/shared-state/counters";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createCounters(redis: Redis, { counters: key }: SharedKeys): Counters {
  return {
    async add(entries) {
      const pipeline = redis.pipeline();
      for (const [name, n] of entries) pipeline.hincrby(key, name, n);
      await pipeline.exec();
    },

    async get(name) {
      return Number((await redis.hget(key, name)) ?? 0);
    },

    async all() {
      const stored = await redis.hgetall(key);
      return Object.fromEntries(Object.entries(stored).map(([name, n]) => [name, Number(n)]));
    },
  };
}
