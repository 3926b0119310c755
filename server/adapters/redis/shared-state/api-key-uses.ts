import type { ApiKeyUses } from "~/server/ports/shared-state/api-key-uses";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

/** Minimum time between two writes of a process for the same API key, ms. Calls in between do not write. */
const WRITE_INTERVAL_MS = 1000;
/** Maximum number of keys whose last write each process keeps. */
const MAX_KEPT = 10_000;

export function createApiKeyUses(redis: Redis, { access: { apiKeyUses: key } }: SharedKeys): ApiKeyUses {
  const written = new Map<string, number>();

  return {
    async setLastUsed(keyId, nowMs) {
      const sinceMs = nowMs - (written.get(keyId) ?? Number.NEGATIVE_INFINITY);
      if (sinceMs >= 0 && sinceMs < WRITE_INTERVAL_MS) return;
      if (written.size >= MAX_KEPT) written.clear();
      await redis.hset(key, keyId, nowMs);
      written.set(keyId, nowMs);
    },

    async all() {
      const stored = await redis.hgetall(key);
      return new Map(Object.entries(stored).map(([keyId, atMs]) => [keyId, Number(atMs)]));
    },

    async forget(keyId) {
      written.delete(keyId);
      await redis.hdel(key, keyId);
    },
  };
}
