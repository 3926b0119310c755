import type { RedisLoss } from "~/server/ports/shared-state/redis-loss";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

/** How long the time of a loss is kept. A loss that is noticed later counts as a new loss. */
const NOTICED_TTL_MS = 600_000;
/** How long the mark is kept that lets the first worker fill a new Redis from a seeded ClickHouse without a warning. */
const SEEDED_TTL_SECONDS = 86_400;

export function createRedisLoss(redis: Redis, keys: SharedKeys): RedisLoss {
  return {
    async noticeLoss(nowMs) {
      await redis.set(keys.lost, String(nowMs), "PX", NOTICED_TTL_MS, "NX");
      return Number(await redis.get(keys.lost));
    },

    async markSeeded() {
      await redis.set(keys.seeded, "1", "EX", SEEDED_TTL_SECONDS);
    },

    takeSeeded: async () => (await redis.del(keys.seeded)) === 1,
  };
}
