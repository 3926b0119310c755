import type { PauseEnds } from "~/server/ports/shared-state/pause-ends";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createPauseEnds(redis: Redis, { pauseEnds: key }: SharedKeys): PauseEnds {
  return {
    async set(scheduleId, untilMs) {
      await redis.zadd(key, untilMs, scheduleId);
    },

    endingBy: (nowMs, limit) => redis.zrangebyscore(key, "-inf", nowMs, "LIMIT", 0, limit),

    async firstEnd() {
      const [, score] = await redis.zrange(key, "0", "0", "WITHSCORES");
      return score === undefined ? null : Number(score);
    },

    async forget(scheduleId) {
      await redis.zrem(key, scheduleId);
    },
  };
}
