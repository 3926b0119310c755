import { setTimeout as pause } from "node:timers/promises";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const HEARTBEAT_MS = 1000;

/** The growing pause of a background loop between a failure and the next try. */
export function createRetryPause(signal: AbortSignal) {
  let nextMs = FIRST_PAUSE_MS;
  return {
    reset(): void {
      nextMs = FIRST_PAUSE_MS;
    },
    /** Ends early if the signal aborts. Calls `heartbeat` about once a second. */
    async wait(heartbeat?: () => Promise<void>): Promise<void> {
      let leftMs = nextMs;
      nextMs = Math.min(nextMs * 2, LONGEST_PAUSE_MS);
      while (leftMs > 0 && !signal.aborted) {
        const stepMs = Math.min(leftMs, HEARTBEAT_MS);
        await pause(stepMs, undefined, { signal }).catch(() => undefined);
        leftMs -= stepMs;
        await heartbeat?.();
      }
    },
  };
}
