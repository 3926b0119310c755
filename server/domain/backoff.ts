/** No retry waits longer than this (semantics §6.3). */
export const MAX_RETRY_DELAY_MS = 3_600_000;

/** What failed, as far as retrying goes. */
export type RetryClass = "broker_connection" | "publish" | "redis" | "clickhouse" | "bad_payload";

/** Retry budgets by error class. Firing does not use them: each schedule's own numbers decide (contract §8). */
export const RETRY_CLASSES = {
  broker_connection: { tries: 5, minDelayMs: 30_000, maxDelayMs: 600_000 },
  publish: { tries: 3, minDelayMs: 10_000, maxDelayMs: 300_000 },
  redis: { tries: 3, minDelayMs: 5_000, maxDelayMs: 60_000 },
  clickhouse: { tries: 3, minDelayMs: 10_000, maxDelayMs: 120_000 },
  bad_payload: { tries: 0, minDelayMs: 0, maxDelayMs: 0 },
} as const satisfies Record<RetryClass, { tries: number; minDelayMs: number; maxDelayMs: number }>;

/**
 * How long to wait after the failed `attempt` (1 is the first), in ms: exponential from `baseSeconds` with full jitter,
 * anywhere in 0..min(base × 2^(attempt-1), 3600 s), so that what failed together does not come back together (AWS,
 * "Exponential Backoff and Jitter"). `random` gives [0, 1).
 */
export function retryDelayMs(input: { attempt: number; baseSeconds: number; random: () => number }): number {
  const ceiling = Math.min(MAX_RETRY_DELAY_MS, input.baseSeconds * 1000 * 2 ** Math.max(0, input.attempt - 1));
  return Math.floor(input.random() * (ceiling + 1));
}
