import { RateLimiterMemory } from "rate-limiter-flexible";
import { addressGroup } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";

/**
 * Points that one address group (`addressGroup`) may use in one window. After that, only keys that this process has
 * found valid before are looked up.
 */
const POINTS = 300;
const WINDOW_SECONDS = 60;
/** The cost of an unknown key that was not sent before. */
const GUESS_POINTS = 10;
/** A repeat costs less, because it is more likely a misconfiguration. */
const REPEAT_POINTS = 1;
/** Maximum number of unknown keys to remember, over all addresses. */
const MAX_UNKNOWN_KEYS = 10_000;

/** Limits how many unknown API keys an address may send. */
export interface KeyGuessLimit {
  /**
   * Call before looking up a key. Keys that this process has found valid before always pass, so that guesses from the
   * same network do not block them. Throws `rate_limited` with `retryAfterSeconds`.
   */
  requireBelowLimit(call: { ip: string | null; keyHash: string }): Promise<void>;
  recordValid(call: { keyHash: string }): void;
  recordUnknown(call: { ip: string | null; keyHash: string }): Promise<void>;
}

/** Counts in this process only, because a shared count would cost every API call a second round trip to Redis. */
export function createKeyGuessLimit(): KeyGuessLimit {
  const limiter = new RateLimiterMemory({ points: POINTS, duration: WINDOW_SECONDS });
  // Bounded by the number of API keys, revoked ones included. A revoked key is removed when it is sent again.
  const validHashes = new Set<string>();
  const unknownHashes = new Set<string>();
  const limiterKeyOf = (ip: string | null) => (ip === null ? "-" : addressGroup(ip));
  return {
    async requireBelowLimit({ ip, keyHash }) {
      const state = await limiter.get(limiterKeyOf(ip));
      if (!state || state.consumedPoints < POINTS || validHashes.has(keyHash)) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
      throw new AppError("rate_limited", `Too many unknown API keys. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    },
    recordValid({ keyHash }) {
      validHashes.add(keyHash);
    },
    async recordUnknown({ ip, keyHash }) {
      validHashes.delete(keyHash);
      const points = unknownHashes.has(keyHash) ? REPEAT_POINTS : GUESS_POINTS;
      if (unknownHashes.size >= MAX_UNKNOWN_KEYS) unknownHashes.clear();
      unknownHashes.add(keyHash);
      await limiter.penalty(limiterKeyOf(ip), points);
    },
  };
}
