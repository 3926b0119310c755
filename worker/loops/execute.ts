import { CATCH_UP_GRACE_MS } from "~/server/domain/catch-up";
import type { Claim, ClaimResult } from "~/server/ports/hot/claims";
import { count } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import type { Breakers } from "~/server/services/firing/breakers";
import { decidePlan } from "~/server/services/firing/decide-plan";
import { notePublished } from "~/server/services/firing/note-published";
import { type BatchReport, runClaims } from "~/server/services/firing/run-claims";
import { setAside } from "~/server/services/firing/set-aside";
import { createLoop, type Loop } from "../loop";
import { createRate } from "../rate";

const CLAIM_LIMIT = 500;
/** Caught-up occurrences of one claim: behind the live ones and few, so that a backlog never crowds them out. */
const CATCH_UP_LIMIT = 50;
/** The bounded rate of the catch-up lane, for each shard of each worker (semantics §4.8). */
const CATCH_UP_PER_SECOND = 1000;
/**
 * A worker that says nothing for this long has lost what it held. While a batch is under way its leases are renewed.
 */
const LEASE_MS = 15_000;
const RENEW_MS = 5000;

interface ExecuteStatus {
  /** More is due than its last claim could take. */
  isBehind: () => boolean;
  inFlight: () => number;
  firedTotal: () => number;
}

/**
 * The executor of one shard: claims what is due, hands batches on without waiting for them, sleeps until the next due
 * time. At most `MAX_CONCURRENT_EXECUTIONS` batches are in flight; stop waits for them.
 */
export function createExecuteLoop(input: {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
  shard: number;
  onTick?: (name: string) => void;
}): Loop & ExecuteStatus {
  const { deps, breakers, workerId, shard } = input;
  const catchUpRate = createRate({ perSecond: CATCH_UP_PER_SECOND, burst: CATCH_UP_LIMIT });
  /** What is under way, and the topics that it is to publish to. */
  const inFlight = new Map<Promise<void>, readonly string[]>();
  let fired = 0;
  let behind = false;

  const loop = createLoop({
    name: `execute-${shard}`,
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      const settings = deps.settings.current();
      if (inFlight.size >= settings.maxConcurrentExecutions) await Promise.race(inFlight.keys());
      const result = await deps.hot.claim({
        workerId,
        shard,
        limit: CLAIM_LIMIT,
        leaseMs: LEASE_MS,
        catchUpLimit: catchUpRate.available(),
        graceMs: CATCH_UP_GRACE_MS,
        // The one must be held; the other would overtake what was due before it.
        claimOnly: [...breakers.openTopics(), ...[...inFlight.values()].flat()],
      });
      behind = taken(result) >= CLAIM_LIMIT;
      fired += result.published.count;
      catchUpRate.take(result.claims.filter(isCaughtUp).length);
      if (result.unreadable.length > 0) track(setAside(deps, result.unreadable));
      if (result.claims.length > 0) launch(result);
      if (result.published.count > 0) tell(result);
      const pauseMs = pauseUntilNext(result, settings.redisProcessingInterval * 1000);
      return Math.min(pauseMs, catchUpRate.pauseMs());
    },
  });

  function launch(result: ClaimResult): void {
    const renewal = setInterval(() => renew(result), RENEW_MS);
    const topics = new Set(result.claims.map((claim) => claim.schedule.topic));
    const work = runBatch(result)
      .catch((error) => deps.log.error({ err: error }, "a batch ended without being settled; its leases will run out"))
      .finally(() => clearInterval(renewal));
    track(work, [...topics]);
  }

  function tell({ published, nowMs }: ClaimResult): void {
    const told = notePublished({ deps, breakers, published, nowMs });
    track(told.catch((error) => deps.log.warn({ err: error }, "what was published in place is not counted")));
  }

  function track(work: Promise<void>, topics: readonly string[] = []): void {
    inFlight.set(work, topics);
    void work.then(() => inFlight.delete(work));
  }

  /** A bus that takes its time must not cost the leases; one that is renewed too late is refused at the settle. */
  function renew({ claims }: ClaimResult): void {
    const [first] = claims;
    if (first === undefined) return;
    const keys = claims.map((claim) => claim.key);
    deps.hot
      .extend({ shard, token: first.token, keys, leaseMs: LEASE_MS })
      .catch((error) => deps.log.warn({ err: error }, "leases not renewed"));
  }

  async function runBatch(result: ClaimResult): Promise<void> {
    const claims: Claim[] = [];
    for (const claim of result.claims) {
      if (claim.kind === "plan") {
        await decidePlan({ deps, claim, nowMs: result.nowMs });
        loop.wake();
      } else claims.push(claim);
    }
    if (claims.length === 0) return;
    const report = await runClaims({ deps, breakers, workerId, claims, nowMs: result.nowMs });
    fired += report.published;
    await count(deps, countersOf(report), {
      lateness: report.latenessMs.map((ms) => ms / 1000),
      publish: report.published + report.failed > 0 ? [report.publishMs / 1000] : [],
    });
  }

  return {
    ...loop,
    async stop() {
      await loop.stop();
      await Promise.all(inFlight.keys());
    },
    isBehind: () => behind,
    inFlight: () => inFlight.size,
    firedTotal: () => fired,
  };
}

const taken = ({ claims, published }: ClaimResult) => claims.length + published.count;

/** A full claim means that there is more; else sleep until the next due time, within the bound. */
function pauseUntilNext(result: ClaimResult, boundMs: number): number {
  if (taken(result) >= CLAIM_LIMIT) return 0;
  if (result.nextDueMs === null) return boundMs;
  return Math.max(0, Math.min(boundMs, result.nextDueMs - result.nowMs));
}

const isCaughtUp = (claim: ClaimResult["claims"][number]) => claim.kind === "occurrence" && claim.caughtUp;

function countersOf(report: BatchReport) {
  const { published, failed, retried, dead, expired, held, refused } = report;
  return { published, failed, retried, dead, expired, held, refused };
}
