/** The longest retry delay (semantics §6.3). */
export const MAX_RETRY_DELAY_MS = 3_600_000;

/**
 * The delay after the failed `attempt` (1 is the first), in ms: random in 0..min(base × 2^(attempt-1), 3600 s). The
 * full jitter spreads the retries of occurrences that failed together (AWS, "Exponential Backoff and Jitter"). `random`
 * returns [0, 1).
 */
export function retryDelayMs(input: { attempt: number; baseSeconds: number; random: () => number }): number {
  const ceiling = Math.min(MAX_RETRY_DELAY_MS, input.baseSeconds * 1000 * 2 ** Math.max(0, input.attempt - 1));
  return Math.floor(input.random() * (ceiling + 1));
}
