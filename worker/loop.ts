import type { Logger } from "pino";
import type { LoopId } from "~/server/domain/loops";

/*
 * One life for every loop of the worker: start is idempotent, ticks never overlap, stop waits for the tick in hand. A
 * tick that throws is logged and counted; the loop goes on after a pause that grows with each failure in a row.
 */

/** As short as a person waits after the cause is gone: within 10 s all of it works again, and says so. */
const MOST_FAILURE_PAUSE_MS = 4_000;
/** Pause after the nth failure in a row, ms. */
const failurePauseMs = (failures: number, most: number) => Math.min(most, 250 * 2 ** Math.min(failures, 7));

export interface LoopStatus {
  name: LoopId;
  lastTickAt: string | null;
  lastError: string | null;
  ticks: number;
  /** Ticks in a row that threw, up to now; 0 when the last one went well. */
  failuresInARow: number;
  /** Since when each tick throws, ISO 8601; null when the last one went well. */
  failingSince: string | null;
  /** How often what drives the loop from outside (the bus) ended and was started again; 0 for all other loops. */
  restarts: number;
}

/** A loop that has done nothing yet. */
export function newStatus(name: LoopId): LoopStatus {
  return {
    name,
    ...{ lastTickAt: null, lastError: null, ticks: 0, failuresInARow: 0, failingSince: null, restarts: 0 },
  };
}

/** Notes a failure (an error) or a success (null) in a loop's status. */
export function noteResult(status: LoopStatus, error: Error | null): void {
  status.lastError = error?.message ?? null;
  status.failuresInARow = error === null ? 0 : status.failuresInARow + 1;
  status.failingSince = error === null ? null : (status.failingSince ?? new Date().toISOString());
}

export interface Loop {
  readonly name: LoopId;
  start(): void;
  /** Ends after the tick in hand; safe to call twice, and before start. */
  stop(): Promise<void>;
  /** Ends the pause between two ticks. */
  wake(): void;
  status(): LoopStatus;
}

/**
 * A loop over `tick`, which answers how many ms to pause before the next one (0: at once). `signal` aborts when the
 * loop is to stop, for ticks that wait themselves.
 */
export function createLoop(input: {
  name: LoopId;
  log: Logger;
  tick: (signal: AbortSignal) => Promise<number>;
  /** The longest pause after failures in a row; 4 s by default. */
  mostFailurePauseMs?: number;
  /** Called after each tick; what tests wait for. */
  onTick?: (name: string) => void;
}): Loop {
  const { name, log } = input;
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let endPause: (() => void) | null = null;
  let woken = false;
  const status = newStatus(name);

  async function once(): Promise<number> {
    try {
      const pauseMs = await input.tick(abort.signal);
      noteResult(status, null);
      return pauseMs;
    } catch (error) {
      noteResult(status, error as Error);
      const failures = status.failuresInARow;
      log.error({ err: error, loop: name, failures }, "tick failed");
      return failurePauseMs(failures, input.mostFailurePauseMs ?? MOST_FAILURE_PAUSE_MS);
    } finally {
      status.ticks += 1;
      status.lastTickAt = new Date().toISOString();
      input.onTick?.(name);
    }
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      woken = false;
      const pauseMs = await once();
      // A wake during the tick is not lost; and a tick that asks for no pause still yields to the event loop.
      await pause(woken ? 0 : pauseMs);
    }
  }

  function pause(ms: number): Promise<void> {
    if (abort.signal.aborted) return Promise.resolve();
    // A timer takes a millisecond at least.
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
      woken = true;
      endPause?.();
    },
    status: () => ({ ...status }),
  };
}
