import { AppError } from "~/server/domain/errors";
import type { Store } from "~/server/ports/store/store";
import type { Deps } from "../ctx";

/** A row whose arrival in ClickHouse a request awaits. */
export interface AwaitedRow {
  scheduleId: string;
  revision: number;
}

/** How often to ask Redis while any request waits. */
const POLL_MS = 25;

/** One row that a request waits for. */
interface Waiting {
  revision: number;
  /** The ids of all rows that the request still waits for. The rows of a request share this set. */
  open: Set<string>;
  /** Ends the wait of the request. */
  done: () => void;
}

/**
 * Notifies the requests of one process when ClickHouse has their rows. One poll serves all of them: it asks Redis which
 * rows the recorder has acknowledged, then asks ClickHouse about those, because the recorder also acknowledges refused
 * rows.
 */
export class Confirmations {
  readonly #deps: Pick<Deps, "hot" | "log">;
  readonly #store: Store;
  readonly #waiting = new Map<string, Set<Waiting>>();
  #isPolling = false;

  constructor(deps: Pick<Deps, "hot" | "log">, store: Store) {
    this.#deps = deps;
    this.#store = store;
  }

  /**
   * Waits until ClickHouse has all rows, for at most `timeoutMs`. Returns the ids that are not confirmed by then.
   */
  async waitFor(rows: readonly AwaitedRow[], timeoutMs: number): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const open = new Set(rows.map((row) => row.scheduleId));
    let timer: NodeJS.Timeout | undefined;
    const joined: [string, Waiting][] = [];
    await new Promise<void>((done) => {
      timer = setTimeout(done, Math.max(0, timeoutMs));
      for (const { scheduleId, revision } of rows) {
        const one = { revision, open, done };
        joined.push([scheduleId, one]);
        this.#join(scheduleId, one);
      }
      if (!this.#isPolling) void this.#poll();
    });
    clearTimeout(timer);
    for (const [scheduleId, one] of joined) this.#leave(scheduleId, one);
    return open;
  }

  #join(scheduleId: string, one: Waiting): void {
    const others = this.#waiting.get(scheduleId);
    if (others) others.add(one);
    else this.#waiting.set(scheduleId, new Set([one]));
  }

  #leave(scheduleId: string, one: Waiting): void {
    const others = this.#waiting.get(scheduleId);
    others?.delete(one);
    if (others?.size === 0) this.#waiting.delete(scheduleId);
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    while (this.#waiting.size > 0) {
      await this.#pollOnce().catch((error: unknown) => {
        // An unreachable store is no fault of the poll: the rows stay unconfirmed, and the next poll asks again.
        if (!(error instanceof AppError && error.status === 503)) {
          this.#deps.log.error({ err: error }, "could not confirm rows in ClickHouse");
        }
      });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#isPolling = false;
  }

  async #pollOnce(): Promise<void> {
    const rows = [...this.#waiting].map(([scheduleId, all]) => ({
      scheduleId,
      revision: Math.min(...[...all].map(({ revision }) => revision)),
    }));
    const ids = await this.#deps.hot.recorded(rows);
    if (ids.length === 0) return;
    for (const [scheduleId, stored] of await this.#store.revisions(ids)) {
      for (const one of [...(this.#waiting.get(scheduleId) ?? [])]) {
        if (stored < one.revision) continue;
        this.#leave(scheduleId, one);
        one.open.delete(scheduleId);
        if (one.open.size === 0) one.done();
      }
    }
  }
}

const confirmationsOf = new WeakMap<Deps["hot"], Confirmations>();

/** Returns the `Confirmations` that all requests of this process to one Redis share. */
export function confirmations(deps: Deps): Confirmations {
  const known = confirmationsOf.get(deps.hot) ?? new Confirmations(deps, deps.store.shared);
  confirmationsOf.set(deps.hot, known);
  return known;
}
