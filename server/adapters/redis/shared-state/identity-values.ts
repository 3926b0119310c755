import type { IdentityValues } from "~/server/ports/shared-state/identity-values";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createIdentityValues(redis: Redis, { access: keys }: SharedKeys): IdentityValues {
  return {
    get: (key) => redis.get(keys.identityValue(key)),

    async set(key, value, ttlSeconds) {
      if (ttlSeconds === null) await redis.set(keys.identityValue(key), value);
      else await redis.set(keys.identityValue(key), value, "EX", ttlSeconds);
    },

    async delete(key) {
      await redis.del(keys.identityValue(key));
    },

    take: (key) => redis.getdel(keys.identityValue(key)),

    async increment(key, ttlSeconds) {
      const counter = keys.identityValue(key);
      const results = await redis.multi().set(counter, "0", "EX", ttlSeconds, "NX").incr(counter).exec();
      const [error, sum] = results?.[1] ?? [new Error("Redis did not run the transaction."), null];
      if (error) throw error;
      return Number(sum);
    },
  };
}
