import type { Locks } from "~/server/ports/shared-state/locks";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";
import { runScript } from "../script/script";
import { lockHoldScript, lockReleaseScript } from "../script/scripts";

/** `newHolder` returns a new random text at each call. */
export function createLocks(deps: { redis: Redis; keys: SharedKeys; newHolder: () => string }): Locks {
  const { redis, keys, newHolder } = deps;
  return (name, ttlMs) => {
    const holder = newHolder();
    const lock = { lock: keys.lock(name) };
    return {
      hold: async () => (await runScript(redis, lockHoldScript, { keys: lock, args: { holder, ttlMs } })) === 1,
      async release() {
        await runScript(redis, lockReleaseScript, { keys: lock, args: { holder } });
      },
    };
  };
}
