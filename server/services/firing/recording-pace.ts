/**
 * Back-pressure: recording yields to firing for at most this long, then records for as long. A loss of Redis may cost
 * the data of this time.
 */
const MAX_YIELD_MS = 800;
const YIELD_PAUSE_MS = 50;
/**
 * Each insert costs ClickHouse parts and roll-ups, so a trickle of entries is batched: recording takes a quarter of the
 * time, within these bounds (ms).
 */
const CYCLE_MS = { min: 200, max: 400, timesBusy: 4 };

/** Decides when a recorder records. Times are ms of a monotonic clock. */
export interface RecordingPace {
  /**
   * How long to pause before recording, 0 for not at all.
   *
   * @param isBusy more is due, or more waits to be consumed, than one step can take
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
      const { min, max, timesBusy } = CYCLE_MS;
      return Math.max(0, Math.min(max, Math.max(min, timesBusy * tookMs)) - tookMs);
    },
  };
}
