import { setTimeout as pause } from "node:timers/promises";

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;
/** How often `wait` calls its heartbeat. */
const HEARTBEAT_MS = 1000;

/** Exponential backoff of a background loop: the pause between a failure and the next attempt. */
export function createRetryPause(signal: AbortSignal) {
  let nextMs = FIRST_PAUSE_MS;
  return {
    reset(): void {
      nextMs = FIRST_PAUSE_MS;
    },
    /**
     * Waits twice as long with each call since `reset`, at most 10 s. Returns early if the signal aborts.
     */
    async wait(heartbeat?: () => Promise<void>): Promise<void> {
      let leftMs = nextMs;
      nextMs = Math.min(nextMs * 2, MAX_PAUSE_MS);
      while (leftMs > 0 && !signal.aborted) {
        const stepMs = Math.min(leftMs, HEARTBEAT_MS);
        await pause(stepMs, undefined, { signal }).catch(() => undefined);
        leftMs -= stepMs;
        await heartbeat?.();
      }
    },
  };
}
