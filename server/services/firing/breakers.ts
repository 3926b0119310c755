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
 * Most compare-and-swap attempts of one change. After that, other processes are changing the breaker, and the next call
 * retries.
 */
const SWAP_TRIES = 8;

/** One process's view of the breakers. Redis holds the state that all processes share. */
export interface Breakers {
  /** Loads the changes of other processes. */
  refresh(): Promise<void>;
  get(name: BreakerName): Breaker;
  /** Names of the breakers that are open or half-open. */
  open(): BreakerName[];
  /** Topics whose breaker is open or half-open. */
  openTopics(): string[];
  /** Records calls other than a trial. Writes to Redis only if the breaker changes. */
  note(name: BreakerName, tally: Tally): Promise<void>;
  /** Begins a trial. Returns false if none is due or another process has begun it. */
  tryNow(name: BreakerName, by: string): Promise<boolean>;
  ended(name: BreakerName, by: string, tally: Tally): Promise<void>;
  /** Makes the next trial due now, because the cause of the failures is gone. */
  tryEarly(name: BreakerName): Promise<void>;
}

/** Creates a process's view of the breakers: a snapshot that `refresh` and each change update. */
export function createBreakers(deps: Pick<Deps, "hot" | "clock">): Breakers {
  let known = new Map<BreakerName, Breaker>();
  const get = (name: BreakerName) => known.get(name) ?? CLOSED;

  /** Compare-and-swap of one breaker. Returns true if `next` took effect, false if it changes nothing. */
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
 * Makes a call to a store behind its breaker. Returns null without calling while the breaker is open; when a trial is
 * due, this call is the trial. Throws whatever the call throws.
 */
export async function behindBreaker<T>(
  guard: { deps: Pick<Deps, "clock">; breakers: Breakers; name: BreakerName; by: string },
  call: () => Promise<T>,
): Promise<T | null> {
  const { breakers, name, by } = guard;
  const closed = breakers.get(name).state === "closed";
  if (!closed) {
    if (!trialIsDue(breakers.get(name), guard.deps.clock.now())) return null;
    if (!(await breakers.tryNow(name, by))) return null;
  }
  const report = (tally: Tally) => (closed ? breakers.note(name, tally) : breakers.ended(name, by, tally));
  try {
    const result = await call();
    await report({ ok: 1, failed: 0, error: null });
    return result;
  } catch (error) {
    // A store that refuses the data is reachable.
    if (isDataFault(error)) await report({ ok: 1, failed: 0, error: null });
    else await report({ ok: 0, failed: 1, error: (error as Error).message });
    throw error;
  }
}
