import { RateLimiterMemory } from "rate-limiter-flexible";
import { addressGroup } from "~/server/addresses";
import { AppError } from "~/server/domain/errors";

/** Points of one address in one minute; beyond them nothing is looked at until it is over. */
const POINTS = 300;
const WINDOW_SECONDS = 60;
/** A key that was not tried before is a guess. The same again is a program that was set up wrongly. */
const GUESS_POINTS = 10;
const REPEAT_POINTS = 1;
/** Wrong keys that are remembered, of all addresses. */
const MOST_REMEMBERED = 10_000;

/** Keeps an address from guessing API keys without end, and what it sends from costing a look-up each. */
export interface KeyGuesses {
  /**
   * Before a key is looked up. One that was right before passes, so that a neighbour's guesses do not stop it.
   * @throws AppError `rate_limited` with `retryAfterSeconds`
   */
  require(call: { ip: string | null; keyHash: string }): Promise<void>;
  right(call: { keyHash: string }): void;
  wrong(call: { ip: string | null; keyHash: string }): Promise<void>;
}

/** In this process alone: it stands before every call of a program, which should not wait for Redis twice. */
export function createKeyGuesses(): KeyGuesses {
  const limiter = new RateLimiterMemory({ points: POINTS, duration: WINDOW_SECONDS });
  // No more than there are keys; one that was revoked leaves when it comes next.
  const seen = new Set<string>();
  const wrongOnes = new Set<string>();
  const keyOf = (ip: string | null) => (ip === null ? "-" : addressGroup(ip));
  return {
    async require({ ip, keyHash }) {
      const state = await limiter.get(keyOf(ip));
      if (!state || state.consumedPoints < POINTS || seen.has(keyHash)) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
      throw new AppError("rate_limited", `Too many unknown API keys. Try again in ${retryAfterSeconds} s.`, {
        details: { retryAfterSeconds },
      });
    },
    right({ keyHash }) {
      seen.add(keyHash);
    },
    async wrong({ ip, keyHash }) {
      seen.delete(keyHash);
      const points = wrongOnes.has(keyHash) ? REPEAT_POINTS : GUESS_POINTS;
      if (wrongOnes.size >= MOST_REMEMBERED) wrongOnes.clear();
      wrongOnes.add(keyHash);
      await limiter.penalty(keyOf(ip), points);
    },
  };
}
