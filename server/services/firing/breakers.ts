import {
  afterCalls,
  type Breaker,
  type BreakerName,
  beginTrial,
  CLOSED,
  endTrial,
  type Tally,
  trialIsDue,
  trialNow,
} from "~/server/domain/breaker";
import { isDataFault } from "~/server/domain/data-fault";
import type { Deps } from "../ctx";

/**
 * Others change the same breaker at the same moment at most this often in a row; then the change is left to the next
 * call.
 */
const SWAP_TRIES = 8;

/** What this process knows of the breakers, which all processes share through Redis. */
export interface Breakers {
  /** Reads what other processes changed. */
  refresh(): Promise<void>;
  get(name: BreakerName): Breaker;
  /** Those that are not closed. */
  open(): BreakerName[];
  /** Topics whose breakers are not closed. */
  openTopics(): string[];
  /** After calls that were no trial. Asks Redis only if they change something. */
  note(name: BreakerName, tally: Tally): Promise<void>;
  /** Begins a trial; false where none is due, or another process makes it. */
  tryNow(name: BreakerName, by: string): Promise<boolean>;
  ended(name: BreakerName, by: string, tally: Tally): Promise<void>;
  /** What stood in the way is gone: the next trial is due now. */
  tryEarly(name: BreakerName): Promise<void>;
}

/**
 * The breakers as one process sees them: a snapshot, refreshed by its loop, and corrected by each change that it makes.
 */
export function createBreakers(deps: Pick<Deps, "hot" | "clock">): Breakers {
  let known = new Map<BreakerName, Breaker>();
  const get = (name: BreakerName) => known.get(name) ?? CLOSED;

  /** Applies `next` to the breaker in force. True if it took effect; false if `next` had nothing to change. */
  async function change(name: BreakerName, next: (from: Breaker) => Breaker | null): Promise<boolean> {
    for (let n = 0; n < SWAP_TRIES; n += 1) {
      const from = get(name);
      const to = next(from);
      if (to === null || to === from) return false;
      const { swapped, current } = await deps.hot.swapBreaker({ name, from, to });
      known.set(name, current);
      if (swapped) return true;
    }
    return false;
  }

  function open(): BreakerName[] {
    return [...known].flatMap(([name, breaker]) => (breaker.state === "closed" ? [] : [name]));
  }

  return {
    async refresh() {
      known = await deps.hot.breakers();
    },
    get,
    open,
    openTopics: () => open().flatMap((name) => (name.startsWith("topic:") ? [name.slice("topic:".length)] : [])),
    async note(name, tally) {
      await change(name, (from) => afterCalls(from, tally, deps.clock.now()));
    },
    tryNow: (name, by) => change(name, (from) => beginTrial(from, by, deps.clock.now())),
    async tryEarly(name) {
      await change(name, (from) => trialNow(from, deps.clock.now()));
    },
    async ended(name, by, tally) {
      await change(name, (from) => endTrial(from, { by, tally, nowMs: deps.clock.now() }));
    },
  };
}

/**
 * A call to a store behind its breaker. While that is open the call is not made, and the answer is null; when a trial
 * is due, this call is the trial. Throws what the call throws.
 */
export async function behindBreaker<T>(
  given: { deps: Pick<Deps, "clock">; breakers: Breakers; name: BreakerName; by: string },
  call: () => Promise<T>,
): Promise<T | null> {
  const { breakers, name, by } = given;
  const closed = breakers.get(name).state === "closed";
  if (!closed) {
    if (!trialIsDue(breakers.get(name), given.deps.clock.now())) return null;
    if (!(await breakers.tryNow(name, by))) return null;
  }
  const tell = (tally: Tally) => (closed ? breakers.note(name, tally) : breakers.ended(name, by, tally));
  try {
    const result = await call();
    await tell({ ok: 1, failed: 0, error: null });
    return result;
  } catch (error) {
    // A store that refuses data is there.
    if (isDataFault(error)) await tell({ ok: 1, failed: 0, error: null });
    else await tell({ ok: 0, failed: 1, error: (error as Error).message });
    throw error;
  }
}
