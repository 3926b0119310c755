import type { ApiKeyUses } from "~/server/ports/shared-state/api-key-uses";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createApiKeyUses(redis: Redis, { access: { apiKeyUses: key } }: SharedKeys): ApiKeyUses {
  return {
    async setLastUsed(keyId, nowMs) {
      await redis.hset(key, keyId, nowMs);
    },

    async all() {
      const stored = await redis.hgetall(key);
      return new Map(Object.entries(stored).map(([keyId, atMs]) => [keyId, Number(atMs)]));
    },

    async forget(keyId) {
      await redis.hdel(key, keyId);
    },
  };
}
