import { AppError } from "~/server/domain/errors";
import type { Store } from "~/server/ports/store/store";
import type { Deps } from "../ctx";

/** A row that somebody waits for ClickHouse to have. */
export interface AwaitedRow {
  scheduleId: string;
  revision: number;
}

/** Redis is asked this often, and only while somebody waits. */
const LOOK_MS = 25;

interface Waiting {
  revision: number;
  /** Ids that one request still waits for. */
  open: Set<string>;
  done: () => void;
}

/**
 * Tells all requests of one process when ClickHouse has their rows. However many wait, one look at a time serves them
 * all: it asks Redis which of the rows the recorder has acknowledged, and ClickHouse about those alone, since a row
 * that ClickHouse refused is acknowledged as well.
 */
export class Confirmations {
  readonly #deps: Pick<Deps, "hot" | "log">;
  readonly #store: Store;
  readonly #waiting = new Map<string, Set<Waiting>>();
  #isLooking = false;

  constructor(deps: Pick<Deps, "hot" | "log">, store: Store) {
    this.#deps = deps;
    this.#store = store;
  }

  /**
   * Waits until ClickHouse has all rows, for `timeoutMs` at most. Answers the ids of those that it has not confirmed by
   * then.
   */
  async missing(rows: readonly AwaitedRow[], timeoutMs: number): Promise<Set<string>> {
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
      if (!this.#isLooking) void this.#look();
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

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.size > 0) {
      await this.#lookOnce().catch((error: unknown) => {
        // A store that is away has confirmed nothing.
        if (!(error instanceof AppError && error.status === 503)) {
          this.#deps.log.error({ err: error }, "rows in ClickHouse not confirmed");
        }
      });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    this.#isLooking = false;
  }

  async #lookOnce(): Promise<void> {
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

/** The one of this process. */
export function confirmations(deps: Deps): Confirmations {
  const known = confirmationsOf.get(deps.hot) ?? new Confirmations(deps, deps.store.shared);
  confirmationsOf.set(deps.hot, known);
  return known;
}
