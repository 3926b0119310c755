import { v7 } from "uuid";
import type { Locks } from "~/server/ports/shared-state/locks";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";
import { runScript } from "../script/script";
import { lockHoldScript, lockReleaseScript } from "../script/scripts";

export function createLocks(redis: Redis, keys: SharedKeys): Locks {
  return (name, ttlMs) => {
    const holder = v7();
    const lock = { lock: keys.lock(name) };
    return {
      hold: async () => (await runScript(redis, lockHoldScript, { keys: lock, args: { holder, ttlMs } })) === 1,
      async release() {
        await runScript(redis, lockReleaseScript, { keys: lock, args: { holder } });
      },
    };
  };
}
