/** A token bucket: `perSecond` on average, at most `burst` at once. */
export interface Rate {
  /** How many tokens are available now. */
  available(): number;
  take(n: number): void;
  /** Ms until the bucket is at least half full, at least 1; infinite while it is full. */
  pauseMs(): number;
}

/** @param now monotonic, ms */
export function createRate(input: { perSecond: number; burst: number; now?: () => number }): Rate {
  const { perSecond, burst, now = () => performance.now() } = input;
  let tokens = burst;
  let at = now();

  function refill(): void {
    const nowMs = now();
    tokens = Math.min(burst, tokens + ((nowMs - at) / 1000) * perSecond);
    at = nowMs;
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
