import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "~/server/domain/errors";
import type { Deps } from "~/server/services/ctx";
import { accessKeys } from "./keys";

/**
 * Failed sign-ins before the next try has to wait. Per e-mail and address it is tight; per e-mail it is looser, so that
 * a stranger cannot lock somebody out at once; per address it bounds the guessing of e-mails.
 */
const LIMITS = {
  pair: { points: 8, duration: 300 },
  email: { points: 60, duration: 900 },
  address: { points: 120, duration: 900 },
} as const;

interface SignInAttempt {
  email: string;
  ip: string | null;
}

/** Counts tries at signing in; `passed` takes the try off again. */
export interface SignInLimit {
  /** @throws AppError `rate_limited` with `retryAfterSeconds`. */
  count(attempt: SignInAttempt): Promise<void>;
  passed(attempt: SignInAttempt): Promise<void>;
}

const built = new WeakMap<Deps["facts"], SignInLimit>();

/** The limiter of this process. Without Redis it counts in memory, for this process alone. */
export function signInLimit(deps: Pick<Deps, "redis" | "facts">): SignInLimit {
  const known = built.get(deps.facts);
  if (known) return known;
  const limiters = Object.entries(LIMITS).map(([name, limit]) => {
    const keyPrefix = `${accessKeys(deps.facts.prefix).limit}:${name}`;
    const insuranceLimiter = new RateLimiterMemory({ ...limit, keyPrefix });
    const limiter = new RateLimiterRedis({ ...limit, keyPrefix, storeClient: deps.redis, insuranceLimiter });
    return { limiter, keyOf: KEYS[name as keyof typeof LIMITS] };
  });
  const limit: SignInLimit = {
    // Counted before the password is checked: many at once must not all slip through.
    async count(attempt) {
      for (const { limiter, keyOf } of limiters) {
        try {
          await limiter.consume(keyOf(attempt));
        } catch (refusal) {
          if (!(refusal instanceof RateLimiterRes)) throw refusal;
          const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
          throw new AppError("rate_limited", `Too many tries. Try again in ${retryAfterSeconds} s.`, {
            details: { retryAfterSeconds },
          });
        }
      }
    },
    async passed(attempt) {
      await Promise.all(limiters.map(({ limiter, keyOf }) => limiter.reward(keyOf(attempt))));
    },
  };
  built.set(deps.facts, limit);
  return limit;
}

const KEYS: Record<keyof typeof LIMITS, (attempt: SignInAttempt) => string> = {
  pair: ({ email, ip }) => `${email}|${ip ?? "-"}`,
  email: ({ email }) => email,
  address: ({ ip }) => ip ?? "-",
};
