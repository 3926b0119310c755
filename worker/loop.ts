import type { Logger } from "pino";
import type { LoopId } from "~/server/domain/loops";

/** Longest pause after a failed tick. Short, so that health shows a repair within 10 s. */
const MAX_FAILURE_PAUSE_MS = 4_000;
/** 500 ms after the first failure, doubled with each further failure. */
const failurePauseMs = (failures: number, maxMs: number) => Math.min(maxMs, 250 * 2 ** Math.min(failures, 7));

export interface LoopStatus {
  name: LoopId;
  lastTickAt: string | null;
  lastError: string | null;
  ticks: number;
  /** Consecutive ticks that threw; 0 after a success. */
  failuresInARow: number;
  /** When the current series of failures began, ISO 8601; null after a success. */
  failingSince: string | null;
  /** How often reading the bus was interrupted; 0 for every loop except `consume`. */
  restarts: number;
}

export function newStatus(name: LoopId): LoopStatus {
  return {
    name,
    ...{ lastTickAt: null, lastError: null, ticks: 0, failuresInARow: 0, failingSince: null, restarts: 0 },
  };
}

/** Records a failure (an error) or a success (null) in a loop's status. */
export function recordResult(status: LoopStatus, error: Error | null): void {
  status.lastError = error?.message ?? null;
  status.failuresInARow = error === null ? 0 : status.failuresInARow + 1;
  status.failingSince = error === null ? null : (status.failingSince ?? new Date().toISOString());
}

export interface Loop {
  readonly name: LoopId;
  start(): void;
  /** Stops after the current tick. Safe to call twice, and before `start`. */
  stop(): Promise<void>;
  /** Ends the current pause or, during a tick, skips the pause after it. */
  wake(): void;
  status(): LoopStatus;
}

/**
 * Repeats `tick`, which returns the pause before the next tick, ms. Ticks never overlap. A tick that throws is logged
 * and counted, and the pause after it grows with consecutive failures.
 */
export function createLoop(input: {
  name: LoopId;
  log: Logger;
  /** `signal` aborts when the loop stops. */
  tick: (signal: AbortSignal) => Promise<number>;
  /** Longest pause after consecutive failures; 4 s by default. */
  maxFailurePauseMs?: number;
  /** Called after each tick, for tests. */
  onTick?: (name: string) => void;
}): Loop {
  const { name, log } = input;
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let endPause: (() => void) | null = null;
  let isWoken = false;
  const status = newStatus(name);

  async function once(): Promise<number> {
    try {
      const pauseMs = await input.tick(abort.signal);
      recordResult(status, null);
      return pauseMs;
    } catch (error) {
      recordResult(status, error as Error);
      const failures = status.failuresInARow;
      log.error({ err: error, loop: name, failures }, "tick failed");
      return failurePauseMs(failures, input.maxFailurePauseMs ?? MAX_FAILURE_PAUSE_MS);
    } finally {
      status.ticks += 1;
      status.lastTickAt = new Date().toISOString();
      input.onTick?.(name);
    }
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      isWoken = false;
      const pauseMs = await once();
      // A wake during the tick must not be lost.
      await pause(isWoken ? 0 : pauseMs);
    }
  }

  function pause(ms: number): Promise<void> {
    if (abort.signal.aborted) return Promise.resolve();
    // A timer would take at least a millisecond.
    if (ms <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve) => {
      const timer = setTimeout(finish, ms);
      function finish(): void {
        clearTimeout(timer);
        endPause = null;
        resolve();
      }
      endPause = finish;
    });
  }

  return {
    name,
    start() {
      if (running) return;
      abort = new AbortController();
      running = run();
    },
    async stop() {
      abort.abort();
      endPause?.();
      await running;
      running = null;
    },
    wake() {
      isWoken = true;
      endPause?.();
    },
    status: () => ({ ...status }),
  };
}
