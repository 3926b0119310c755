import type { Sessions } from "~/server/ports/shared-state/sessions";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createSessions(redis: Redis, { access: keys }: SharedKeys): Sessions {
  return {
    async open({ tokenHash, userId, json, nowMs, expiresAt }) {
      const ttlMs = expiresAt - nowMs;
      await redis
        .multi()
        .set(keys.session(tokenHash), json, "PX", ttlMs)
        .zadd(keys.sessionsOf(userId), expiresAt, tokenHash)
        // Removes expired sessions from the index of the user.
        .zremrangebyscore(keys.sessionsOf(userId), 0, nowMs)
        .pexpire(keys.sessionsOf(userId), ttlMs)
        .exec();
    },

    read: (tokenHash) => redis.get(keys.session(tokenHash)),

    async replace(tokenHash, json, ttlMs) {
      await redis.set(keys.session(tokenHash), json, "PX", ttlMs, "XX");
    },

    async ofUser(userId) {
      const hashes = await redis.zrange(keys.sessionsOf(userId), "0", "-1");
      if (hashes.length === 0) return [];
      const rows = await redis.mget(hashes.map((hash) => keys.session(hash)));
      return hashes.flatMap((tokenHash, i) => {
        const json = rows[i];
        return json ? [{ tokenHash, json }] : [];
      });
    },

    async end(userId, tokenHashes) {
      await redis
        .multi()
        .del(...tokenHashes.map((hash) => keys.session(hash)))
        .zrem(keys.sessionsOf(userId), ...tokenHashes)
        .exec();
    },
  };
}
