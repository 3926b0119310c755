/**
 * Back-pressure: recording yields to firing for at most this long, then runs for as long, ms. A loss of Redis may cost
 * the changes of this time.
 */
const MAX_YIELD_MS = 800;
/** How long to wait, while yielding, until the load is looked at again, ms. */
const YIELD_PAUSE_MS = 50;
/**
 * Each insert costs ClickHouse parts and roll-ups, so a trickle of entries is batched: a batch and the pause after it
 * take four times as long as the batch, within these bounds in ms.
 */
const CYCLE_MS = { min: 200, max: 400, timesBusy: 4 };

/** Decides when a recorder records. Times are ms of a monotonic clock. */
export interface RecordingPace {
  /**
   * How long to pause before recording; 0 for no pause.
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
      const { min, max, timesBusy } = CYCLE_MS;
      return Math.max(0, Math.min(max, Math.max(min, timesBusy * tookMs)) - tookMs);
    },
  };
}
