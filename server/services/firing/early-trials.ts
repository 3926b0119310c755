import { type BreakerName, type CauseCheck, causeCheckIsDue, causeIsGone } from "~/server/domain/breaker";
import type { Deps } from "../ctx";
import type { Breakers } from "./breakers";

/**
 * Makes the trial of an open breaker due as soon as a probe succeeds after an earlier probe failed (broker unreachable,
 * out of memory, key of the wrong type). A probe publishes nothing (semantics §6.12).
 */
export interface EarlyTrials {
  check(): Promise<void>;
}

export function createEarlyTrials({ deps, breakers }: { deps: Deps; breakers: Breakers }): EarlyTrials {
  const lastChecks = new Map<BreakerName, CauseCheck>();

  async function checkCause(name: BreakerName): Promise<void> {
    const atMs = deps.clock.now();
    const { openedAtMs } = breakers.get(name);
    const last = lastChecks.get(name);
    if (!causeCheckIsDue(last, openedAtMs, atMs)) return;
    const { ok, detail } = await probe(deps, name);
    const check = { openedAtMs, atMs, blocked: !ok };
    lastChecks.set(name, check);
    if (!causeIsGone(last, check)) return;
    deps.log.info({ breaker: name, detail }, "cause of open breaker gone, trial due");
    await breakers.makeTrialDue(name);
  }

  return {
    async check() {
      const open = breakers.openNames();
      for (const name of lastChecks.keys()) if (!open.includes(name)) lastChecks.delete(name);
      await Promise.all(open.map(checkCause));
    },
  };
}

async function probe(deps: Deps, name: BreakerName): Promise<{ ok: boolean; detail: string }> {
  if (name === "store:clickhouse") return deps.store.ping();
  if (deps.bus === null) return { ok: false, detail: "not used by this process" };
  return deps.bus.probe(name.slice("topic:".length));
}
