import { setMaxListeners } from "node:events";
import { AppError } from "~/server/domain/errors";
import { mayHaveBeenKept } from "./in-doubt";

/** Maximum duration of a request, ms. Shorter than the timeouts of common clients and proxies. */
const MAX_MS = 9500;
/** Minimum duration that a caller can ask for, ms. */
const MIN_MS = 1000;
/** Fraction of a request's time that is reserved for undoing a write that was not confirmed. */
const UNDO_FRACTION = 0.2;
/** Fraction of a request's time that is reserved for the answer after its reads are aborted. */
const ANSWER_FRACTION = 0.08;

/** The deadline of one request. All steps of the request share it. */
export class Deadline {
  readonly #totalMs: number;
  readonly #hangUp: AbortSignal | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #endsAt: number;
  #reads: AbortSignal | null = null;
  /** The number of running `uncounted` steps. While a step runs, the clock stands at `#stoppedAt`. */
  #uncountedCount = 0;
  #stoppedAt = 0;

  /** `preferredMs`: the caller's own limit. `hangUp`: aborts when the caller disconnects. */
  constructor(input: { preferredMs?: number | null; hangUp?: AbortSignal } = {}) {
    this.#totalMs = Math.min(MAX_MS, Math.max(MIN_MS, input.preferredMs ?? MAX_MS));
    this.#hangUp = input.hangUp;
    this.#endsAt = performance.now() + this.#totalMs;
  }

  /**
   * How long a write may still wait for its confirmation, ms. A disconnect does not shorten the wait, so that a retry
   * finds the answer.
   */
  confirmMs(): number {
    return Math.max(0, this.#leftMs() - this.#totalMs * UNDO_FRACTION);
  }

  /** The signal that aborts reads when their time is up or the caller has disconnected. */
  get reads(): AbortSignal {
    if (this.#reads === null) {
      const late = new AbortController();
      this.#when(this.#totalMs * ANSWER_FRACTION, () => late.abort());
      this.#reads = this.#hangUp === undefined ? late.signal : AbortSignal.any([late.signal, this.#hangUp]);
      // Each running query of a batch listens, so many listeners are no leak.
      setMaxListeners(0, this.#reads);
    }
    return this.#reads;
  }

  /** Awaits a step of the caller, such as sending the body, and excludes its duration from the deadline. */
  async uncounted<T>(step: Promise<T>): Promise<T> {
    if (this.#uncountedCount === 0) this.#stoppedAt = performance.now();
    this.#uncountedCount += 1;
    try {
      return await step;
    } finally {
      this.#uncountedCount -= 1;
      if (this.#uncountedCount === 0) this.#endsAt += performance.now() - this.#stoppedAt;
    }
  }

  /**
   * Returns the result of the work. If the time is up first, throws `may_have_been_kept` for work that `changes` data,
   * otherwise `query_timeout`. The work continues, because it must not stop between a write and its record.
   */
  async answer<T>(input: { changes: boolean }, work: Promise<T>): Promise<T> {
    let stop = () => {};
    const late = new Promise<never>((_, reject) => {
      stop = this.#when(0, () => reject(input.changes ? mayHaveBeenKept("The change") : notInTime()));
    });
    // Ignore a failure after the deadline, because the caller already has an answer.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      stop();
    }
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #leftMs(): number {
    return this.#endsAt - (this.#uncountedCount > 0 ? this.#stoppedAt : performance.now());
  }

  /** Calls `then` when no more than `leftMs` is left. Returns a function that cancels the call. */
  #when(leftMs: number, then: () => void): () => void {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const ms = this.#leftMs() - leftMs;
      if (ms <= 0) return then();
      timer = setTimeout(() => {
        this.#timers.delete(timer);
        wait();
      }, Math.ceil(ms));
      this.#timers.add(timer);
    };
    wait();
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}

function notInTime(): AppError {
  return new AppError(
    "query_timeout",
    "The request timed out, because it took longer than allowed or a store did not answer. Try again.",
  );
}
