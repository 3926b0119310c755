/**
 * Back-pressure: recording yields to firing for at most this long, then runs for as long, ms. A loss of Redis may cost
 * the changes of this time.
 */
const MAX_YIELD_MS = 800;
/** How often to check the load while yielding, ms. */
const YIELD_PAUSE_MS = 50;
/**
 * A batch and the pause after it take `timesBatch` times as long as the batch, within the bounds. The pause collects
 * entries, because each insert costs ClickHouse parts and roll-ups.
 */
const CYCLE = { minMs: 200, maxMs: 400, timesBatch: 4 };

/** Decides when a recorder records. Times are ms of a monotonic clock. */
export interface RecordingPace {
  /**
   * How long to wait before asking again; 0 if the recorder may record now.
   *
   * @param isBusy more events are due, or more messages wait to be consumed, than one step can process
   */
  yieldMs(input: { isBusy: boolean; nowMs: number }): number;
  /** The pause after a batch that took `tookMs`; 0 if the next batch is ready. */
  pauseAfterMs(input: { tookMs: number; more: boolean }): number;
}

export function createRecordingPace(): RecordingPace {
  let yieldingSinceMs: number | null = null;
  return {
    yieldMs({ isBusy, nowMs }) {
      if (!isBusy) {
        yieldingSinceMs = null;
        return 0;
      }
      yieldingSinceMs ??= nowMs;
      const yieldedMs = nowMs - yieldingSinceMs;
      if (yieldedMs < MAX_YIELD_MS) return YIELD_PAUSE_MS;
      if (yieldedMs >= 2 * MAX_YIELD_MS) yieldingSinceMs = nowMs;
      return 0;
    },
    pauseAfterMs({ tookMs, more }) {
      if (more) return 0;
      const { minMs, maxMs, timesBatch } = CYCLE;
      return Math.max(0, Math.min(maxMs, Math.max(minMs, timesBatch * tookMs)) - tookMs);
    },
  };
}
