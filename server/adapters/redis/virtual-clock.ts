import type { VirtualClock } from "~/server/ports/virtual-clock";
import type { Redis } from "./connection/redis-types";
import { createKeys } from "./keys";
import { runScript } from "./script/script";
import { moveClockScript } from "./script/scripts";

/** The virtual clock of a hot tier with `hasVirtualClock`, whose `redis`, `prefix` and `shards` are given. */
export function createVirtualClock(input: {
  redis: Redis;
  prefix: string;
  shards: number;
  /** Reads the time of Redis again, before an executor of this process claims with the new time. */
  refresh: () => Promise<void>;
}): VirtualClock {
  const { redis, prefix, shards, refresh } = input;
  const keys = createKeys(prefix, shards);
  const { offset, target } = keys.virtualClock;
  return {
    async moveTo(ms) {
      const items = keys.shards.map(({ lease }) => lease);
      const moved = (await runScript(redis, moveClockScript, { keys: { offset }, args: { to: ms }, items })) === 1;
      if (!moved) return false;
      await refresh();
      await redis.publish(keys.wake, "0");
      return true;
    },
    async target() {
      const text = await redis.get(target);
      return text === null ? null : Number(text);
    },
    async setTarget(ms) {
      if (ms === null) await redis.del(target);
      else await redis.set(target, ms);
    },
  };
}
