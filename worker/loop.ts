import type { Logger } from "pino";
import type { LoopId } from "~/server/domain/loops";

/*
 * The lifecycle of every loop of the worker: start is idempotent, ticks never overlap, stop waits for the current tick.
 * A tick that throws is logged and counted, and the next one follows after a pause that grows with consecutive
 * failures.
 */

/** Longest pause after failures: within 10 s of a repair, every loop works again and health shows it. */
const MAX_FAILURE_PAUSE_MS = 4_000;
/** Pause after the nth consecutive failure, ms: 500 ms, doubled with each failure. */
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
  /** How often the bus's reader ended and was restarted; 0 for loops that the bus does not drive. */
  restarts: number;
}

/** The status of a new loop. */
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
  /** Ends the current pause. */
  wake(): void;
  status(): LoopStatus;
}

/**
 * Creates a loop over `tick`, which returns the ms until the next tick (0: at once). `signal` aborts when the loop
 * stops, for ticks that wait.
 */
export function createLoop(input: {
  name: LoopId;
  log: Logger;
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
      // A wake during the tick must not be lost. Even a pause of 0 yields to the event loop.
      await pause(isWoken ? 0 : pauseMs);
    }
  }

  function pause(ms: number): Promise<void> {
    if (abort.signal.aborted) return Promise.resolve();
    // Not a timer, which takes at least a millisecond.
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
