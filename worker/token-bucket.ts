/** Allows `perSecond` tokens on average and at most `burst` at once. */
export interface TokenBucket {
  /** Returns the whole tokens that are available now. */
  available(): number;
  /** Removes tokens. The number of tokens left may become negative. */
  take(n: number): void;
  /** Returns the ms until the bucket is half full, at least 1, or infinity if it is full. */
  pauseMs(): number;
}

/** @param input.now a monotonic clock, ms */
export function createTokenBucket(input: { perSecond: number; burst: number; now?: () => number }): TokenBucket {
  const { perSecond, burst, now = () => performance.now() } = input;
  let tokens = burst;
  let refilledAtMs = now();

  function refill(): void {
    const nowMs = now();
    tokens = Math.min(burst, tokens + ((nowMs - refilledAtMs) / 1000) * perSecond);
    refilledAtMs = nowMs;
  }

  return {
    available() {
      refill();
      return Math.floor(tokens);
    },
    take(n) {
      tokens -= n;
    },
    pauseMs() {
      refill();
      if (tokens >= burst) return Number.POSITIVE_INFINITY;
      return Math.max(1, ((burst / 2 - tokens) / perSecond) * 1000);
    },
  };
}
