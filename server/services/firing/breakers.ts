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
import { DOCUMENT_KIND } from "~/server/domain/document-kinds";
import { auditDocument } from "../audit";
import type { Deps } from "../ctx";
import { isoOrNull } from "../schedules/view";

/** Maximum number of compare-and-swap attempts of one change. If all fail, the change is dropped. */
const SWAP_TRIES = 8;

/** One process's view of the breakers. Redis holds the state that all processes share. */
export interface Breakers {
  /** Loads the changes of other processes. */
  refresh(): Promise<void>;
  get(name: BreakerName): Breaker;
  /** Names of the breakers that are open or half-open. */
  openNames(): BreakerName[];
  /** Topics whose breaker is open or half-open. */
  openTopics(): string[];
  /** Records calls other than a trial. Writes to Redis only if the breaker changes. */
  recordCalls(name: BreakerName, tally: Tally): Promise<void>;
  /** Begins a trial. Returns false if none is due or another process has begun it. */
  beginTrial(name: BreakerName, by: string): Promise<boolean>;
  /** Ends a trial with its result. Changes nothing if another worker has begun a newer trial. */
  endTrial(name: BreakerName, by: string, tally: Tally): Promise<void>;
  makeTrialDue(name: BreakerName): Promise<void>;
}

/**
 * Creates a snapshot that `refresh` and each change update. Writes an audit entry when this process opens or closes a
 * breaker.
 */
export function createBreakers(deps: Pick<Deps, "hot" | "clock" | "log">): Breakers {
  let known = new Map<BreakerName, Breaker>();
  const get = (name: BreakerName) => known.get(name) ?? CLOSED;

  /** Compare-and-swap of one breaker. Returns false if `next` changes nothing, or other processes won every attempt. */
  async function change(name: BreakerName, next: (from: Breaker) => Breaker | null): Promise<boolean> {
    for (let n = 0; n < SWAP_TRIES; n += 1) {
      const from = get(name);
      const to = next(from);
      if (to === null || to === from) return false;
      const { swapped, current } = await deps.hot.swapBreaker({ name, from, to });
      known.set(name, current);
      if (swapped) {
        await auditTransition(deps, { name, from, to });
        return true;
      }
    }
    return false;
  }

  function openNames(): BreakerName[] {
    return [...known].flatMap(([name, breaker]) => (breaker.state === "closed" ? [] : [name]));
  }

  return {
    async refresh() {
      known = await deps.hot.breakers();
    },
    get,
    openNames,
    openTopics: () => openNames().flatMap((name) => (name.startsWith("topic:") ? [name.slice("topic:".length)] : [])),
    async recordCalls(name, tally) {
      await change(name, (from) => afterCalls(from, tally, deps.clock.now()));
    },
    beginTrial: (name, by) => change(name, (from) => beginTrial(from, by, deps.clock.now())),
    async makeTrialDue(name) {
      await change(name, (from) => trialNow(from, deps.clock.now()));
    },
    async endTrial(name, by, tally) {
      await change(name, (from) => endTrial(from, { by, tally, nowMs: deps.clock.now() }));
    },
  };
}

/** Writes an audit entry if the breaker opened or closed. The steps of a trial that fails are not recorded. */
async function auditTransition(
  deps: Pick<Deps, "hot" | "clock" | "log">,
  { name, from, to }: { name: BreakerName; from: Breaker; to: Breaker },
): Promise<void> {
  if ((from.state === "closed") === (to.state === "closed")) return;
  const entry =
    to.state === "closed"
      ? { action: "breaker.close" as const, target: name, after: { openedAt: isoOrNull(from.openedAtMs) } }
      : { action: "breaker.open" as const, target: name, after: { failures: to.failures, error: to.error } };
  const { json } = auditDocument({ deps, principal: null, requestId: "breaker", address: null }, entry);
  // The breaker has changed already, so a failure here must not fail the call that it protects.
  await deps.hot
    .append(DOCUMENT_KIND.auditEntry, json)
    .catch((error) => deps.log.warn({ error, breaker: name }, "audit entry not written"));
}

/**
 * Calls a store behind its breaker. Unless the breaker is closed, returns null without a call, or makes the call as the
 * trial if a trial is due.
 */
export async function behindBreaker<T>(
  guard: { deps: Pick<Deps, "clock">; breakers: Breakers; name: BreakerName; by: string },
  call: () => Promise<T>,
): Promise<T | null> {
  const { breakers, name, by } = guard;
  const isClosed = breakers.get(name).state === "closed";
  if (!isClosed) {
    if (!trialIsDue(breakers.get(name), guard.deps.clock.now())) return null;
    if (!(await breakers.beginTrial(name, by))) return null;
  }
  const report = (tally: Tally) => (isClosed ? breakers.recordCalls(name, tally) : breakers.endTrial(name, by, tally));
  try {
    const result = await call();
    await report({ ok: 1, failed: 0, error: null });
    return result;
  } catch (error) {
    // A store that refuses the data of a call is working, so the call counts as a success.
    if (isDataFault(error)) await report({ ok: 1, failed: 0, error: null });
    else await report({ ok: 0, failed: 1, error: (error as Error).message });
    throw error;
  }
}
