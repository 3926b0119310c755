import { v7 } from "uuid";
import type { Redis } from "~/server/adapters/redis/redis-types";

/** A lock that its holder keeps by asking again. It spares work; nothing's correctness hangs on it. */
export interface Lock {
  /**
   * True while it is ours: taken now, or kept for another `ttlMs`. Throws when Redis does not answer: no lock is not
   * our lock.
   */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

// The removal comes first: a full Redis then takes what follows it. Its memory comes back only where somebody holds the
// recorder's lock.
const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** Locks under `{prefix}lock:`, all with one holder's id. */
export function createLocks(redis: Redis, prefix: string): (name: string, ttlMs: number) => Lock {
  const holder = v7();
  return (name, ttlMs) => {
    const key = `${prefix}lock:${name}`;
    return {
      hold: async () => (await redis.eval(HOLD, 1, key, holder, ttlMs)) === 1,
      async release() {
        await redis.eval(RELEASE, 1, key, holder);
      },
    };
  };
}
