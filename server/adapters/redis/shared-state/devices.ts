import type { Devices } from "~/server/ports/shared-state/devices";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createDevices(redis: Redis, { access: keys }: SharedKeys): Devices {
  return {
    isKnown: async (deviceHash) => (await redis.exists(keys.device(deviceHash))) === 1,

    isKnownOf: async (deviceHash, userId) => (await redis.sismember(keys.device(deviceHash), userId)) === 1,

    async remember(deviceHash, userId, ttlMs) {
      const key = keys.device(deviceHash);
      await redis.multi().sadd(key, userId).pexpire(key, ttlMs).exec();
    },
  };
}
