import type { ApiKeyUses } from "~/server/ports/shared-state/api-key-uses";
import type { SharedKeys } from "../keys";
import type { Redis } from "../redis-types";

export function createApiKeyUses(redis: Redis, { access: { apiKeyUses: key } }: SharedKeys): ApiKeyUses {
  return {
    async note(keyId, nowMs) {
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
