import { AppError } from "~/server/domain/errors";
import type { Store } from "~/server/ports/store/store";
import type { Deps } from "../ctx";

export interface AwaitedRow {
  scheduleId: string;
  revision: number;
}

/** How often to ask Redis while a request waits, ms. */
const POLL_MS = 25;

/** A row that a request waits for. */
interface Waiter {
  revision: number;
  /** The ids of all rows that the request still waits for. All waiters of the request share this set. */
  missing: Set<string>;
  endWait: () => void;
}

/**
 * Tells the requests of one process when ClickHouse has their rows. One poll serves all requests. It asks Redis which
 * rows may be recorded, then ClickHouse about those rows only. Redis alone cannot confirm a row: the row's fence may
 * have expired, and the recorder also acknowledges rows that ClickHouse refused.
 */
export class Confirmations {
  readonly #deps: Pick<Deps, "hot" | "log">;
  readonly #store: Store;
  readonly #waiting = new Map<string, Set<Waiter>>();
  #isPolling = false;

  constructor(deps: Pick<Deps, "hot" | "log">, store: Store) {
    this.#deps = deps;
    this.#store = store;
  }

  /** Waits until ClickHouse has all rows, for at most `timeoutMs`. Returns the ids of the missing rows. */
  async waitFor(rows: readonly AwaitedRow[], timeoutMs: number): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const missing = new Set(rows.map((row) => row.scheduleId));
    let timer: NodeJS.Timeout | undefined;
    const waiters: [string, Waiter][] = [];
    await new Promise<void>((endWait) => {
      timer = setTimeout(endWait, Math.max(0, timeoutMs));
      for (const { scheduleId, revision } of rows) {
        const waiter = { revision, missing, endWait };
        waiters.push([scheduleId, waiter]);
        this.#add(scheduleId, waiter);
      }
      if (!this.#isPolling) void this.#poll();
    });
    clearTimeout(timer);
    for (const [scheduleId, waiter] of waiters) this.#remove(scheduleId, waiter);
    return missing;
  }

  #add(scheduleId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(scheduleId);
    if (waiters) waiters.add(waiter);
    else this.#waiting.set(scheduleId, new Set([waiter]));
  }

  #remove(scheduleId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(scheduleId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(scheduleId);
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    while (this.#waiting.size > 0) {
      await this.#pollOnce().catch((error: unknown) => {
        // If a store is unreachable, the next poll asks again.
        if (!(error instanceof AppError && error.status === 503)) {
          this.#deps.log.error({ err: error }, "could not confirm rows in ClickHouse");
        }
      });
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#isPolling = false;
  }

  async #pollOnce(): Promise<void> {
    const rows = [...this.#waiting].map(([scheduleId, waiters]) => ({
      scheduleId,
      revision: Math.min(...[...waiters].map(({ revision }) => revision)),
    }));
    const ids = await this.#deps.hot.maybeRecorded(rows);
    if (ids.length === 0) return;
    for (const [scheduleId, storedRevision] of await this.#store.revisions(ids)) {
      for (const waiter of [...(this.#waiting.get(scheduleId) ?? [])]) {
        if (storedRevision < waiter.revision) continue;
        this.#remove(scheduleId, waiter);
        waiter.missing.delete(scheduleId);
        if (waiter.missing.size === 0) waiter.endWait();
      }
    }
  }
}

const confirmationsOf = new WeakMap<Deps["hot"], Confirmations>();

/** Returns the `Confirmations` that all requests of this process share. */
export function confirmations(deps: Deps): Confirmations {
  const known = confirmationsOf.get(deps.hot) ?? new Confirmations(deps, deps.store.shared);
  confirmationsOf.set(deps.hot, known);
  return known;
}
