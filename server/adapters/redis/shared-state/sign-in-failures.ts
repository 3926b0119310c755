import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { OpenSignInFailures } from "~/server/ports/shared-state/sign-in-failures";
import type { Redis } from "../connection/redis-types";
import type { SharedKeys } from "../keys";

export function createSignInFailures(redis: Redis, { access: keys }: SharedKeys): OpenSignInFailures {
  return (source, windowSeconds) => {
    const limiter = (keyPrefix: string, duration: number) =>
      new RateLimiterRedis({ points: 1, duration, keyPrefix, storeClient: redis });
    const failures = limiter(keys.signInFailures(source), windowSeconds);
    // `tryStartWait` sets the duration of each wait.
    const gate = limiter(keys.signInGate(source), 1);
    return {
      add: async (who) => (await failures.penalty(who)).consumedPoints,

      async undo(who) {
        await failures.reward(who);
      },

      async forget(who) {
        await Promise.all([failures.delete(who), gate.delete(who)]);
      },

      async tryStartWait(who, waitSeconds) {
        try {
          await gate.consume(who, 1, { customDuration: waitSeconds });
          return null;
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal;
          return refusal.msBeforeNext;
        }
      },
    };
  };
}
