import type { WorkerRegistry } from "~/server/ports/shared-state/worker-registry";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createWorkerRegistry(redis: Redis, { workers: key }: SharedKeys): WorkerRegistry {
  return {
    async put(workerId, heartbeat) {
      await redis.hset(key, workerId, heartbeat);
    },

    async remove(workerId) {
      await redis.hdel(key, workerId);
    },

    all: async () => Object.entries(await redis.hgetall(key)),
  };
}
