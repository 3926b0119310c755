import type { Reports } from "~/server/ports/shared-state/reports";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createReports(redis: Redis, { reports }: SharedKeys): Reports {
  return {
    read: (name) => redis.get(reports[name]),

    async write(name, json, ttlMs) {
      if (ttlMs === undefined) await redis.set(reports[name], json);
      else await redis.set(reports[name], json, "PX", ttlMs);
    },

    async remove(name) {
      await redis.del(reports[name]);
    },
  };
}
