import { AppError } from "~/server/domain/errors";
import type { Ctx, Deps } from "./ctx";
import { mayHaveBeenKept } from "./in-doubt";

/** A request is answered within this, whatever its stores do, ms. Clients and proxies that wait at all wait longer. */
const REQUEST_MS = 9500;
const SHORTEST_MS = 1000;
/**
 * Parts of a request's time that are left when it stops to wait for a confirmation, so that a write can be taken back,
 * and when its reads end.
 */
const TAKE_BACK_SHARE = 0.2;
const ANSWER_SHARE = 0.08;

/** The time of one request, from its arrival on: everything that the request waits for shares it. */
export class Deadline {
  readonly #totalMs: number;
  readonly #hangUp: AbortSignal | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #endsAt: number;
  #reads: AbortSignal | null = null;
  /** Since when, and by how many, the time is not counted. */
  #stoppedAt = 0;
  #stops = 0;

  /** `preferredMs` is what the caller asked for, `hangUp` aborts when the caller has gone. */
  constructor(input: { preferredMs?: number | null; hangUp?: AbortSignal } = {}) {
    this.#totalMs = Math.min(REQUEST_MS, Math.max(SHORTEST_MS, input.preferredMs ?? REQUEST_MS));
    this.#hangUp = input.hangUp;
    this.#endsAt = performance.now() + this.#totalMs;
  }

  /**
   * How long a write may still wait until it is confirmed, ms. A caller that hangs up does not end this: a retry then
   * finds the answer.
   */
  confirmMs(): number {
    return Math.max(0, this.#leftMs() - this.#totalMs * TAKE_BACK_SHARE);
  }

  /** Aborts reads when their time is up, or when nobody waits for them any more. */
  get reads(): AbortSignal {
    if (this.#reads === null) {
      const late = new AbortController();
      this.#when(this.#totalMs * ANSWER_SHARE, () => late.abort());
      this.#reads = this.#hangUp === undefined ? late.signal : AbortSignal.any([late.signal, this.#hangUp]);
    }
    return this.#reads;
  }

  /** The caller's own time, such as that of sending a body, does not count. */
  async uncounted<T>(callers: Promise<T>): Promise<T> {
    if (this.#stops === 0) this.#stoppedAt = performance.now();
    this.#stops += 1;
    try {
      return await callers;
    } finally {
      this.#stops -= 1;
      if (this.#stops === 0) this.#endsAt += performance.now() - this.#stoppedAt;
    }
  }

  /**
   * The work's answer. Where the time is up first, an error that says what is known; the work goes on then, because it
   * must not end between a write and its record. Throws `may_have_been_kept` for work that `changes` something,
   * `query_timeout` otherwise.
   */
  async answer<T>(input: { changes: boolean }, work: Promise<T>): Promise<T> {
    let stop = () => {};
    const late = new Promise<never>((_, reject) => {
      stop = this.#when(0, () => reject(input.changes ? mayHaveBeenKept("The change") : notInTime()));
    });
    // Told to nobody, where the answer was given already.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      stop();
    }
  }

  /** No timer is needed any more. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #leftMs(): number {
    return this.#endsAt - (this.#stops > 0 ? this.#stoppedAt : performance.now());
  }

  /** Calls `then` once no more than `leftMs` is left. Answers how to stop it. */
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
  return new AppError("query_timeout", "The request could not be answered in time, because a store did not answer.");
}

/** The same stores, whose reads end with the deadline. */
export function bounded(deps: Deps, deadline: Deadline): Deps {
  return { ...deps, store: deps.store.within(() => deadline.reads) };
}

/** For calls that may take as long as they need, such as those that look through everything. */
export function unbounded({ deadline: _, ...ctx }: Ctx): Ctx {
  return { ...ctx, deps: { ...ctx.deps, store: ctx.deps.store.shared } };
}
