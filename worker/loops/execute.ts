import { CATCH_UP_GRACE_MS } from "~/server/domain/catch-up";
import type { Claim, ClaimResult } from "~/server/ports/hot/claims";
import { count } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import type { Breakers } from "~/server/services/firing/breakers";
import { countPublished } from "~/server/services/firing/count-published";
import { decidePlan } from "~/server/services/firing/decide-plan";
import { type BatchReport, runClaims } from "~/server/services/firing/run-claims";
import { setAside } from "~/server/services/firing/set-aside";
import { createLoop, type Loop } from "../loop";
import { createTokenBucket } from "../token-bucket";

const CLAIM_LIMIT = 500;
/** Small, so that a backlog does not delay other events. */
const CATCH_UP_LIMIT = 50;
/** Per shard and worker (semantics §4.8). */
const CATCH_UP_PER_SECOND = 1000;
const LEASE_MS = 15_000;
/** How often the leases of a batch in flight are renewed. */
const RENEW_MS = 5000;

interface ExecuteStatus {
  /** Whether the last claim was full, so that more may be due. */
  isBehind: () => boolean;
  /** The number of batches in flight. */
  inFlight: () => number;
  firedTotal: () => number;
}

/**
 * Claims the due occurrences of one shard, publishes them in batches, and sleeps until the next due time. Claims
 * nothing while `MAX_CONCURRENT_EXECUTIONS` batches are in flight. `stop` waits for them.
 */
export function createExecuteLoop(input: {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
  shard: number;
  onTick?: (name: string) => void;
}): Loop & ExecuteStatus {
  const { deps, breakers, workerId, shard } = input;
  const catchUpBucket = createTokenBucket({ perSecond: CATCH_UP_PER_SECOND, burst: CATCH_UP_LIMIT });
  /** The batches in flight, with their topics. */
  const batches = new Map<Promise<void>, readonly string[]>();
  /** Counting and setting aside after a claim, with a limit of the same size, so that they cannot pile up. */
  const followUps = new Set<Promise<void>>();
  let fired = 0;
  let isBehind = false;
  let previousPause: ClaimResult["pause"] = null;

  const loop = createLoop({
    name: `execute-${shard}`,
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      const settings = deps.settings.current();
      await untilBelow(batches, settings.maxConcurrentExecutions);
      await untilBelow(followUps, settings.maxConcurrentExecutions);
      const result = await deps.hot.claim({
        workerId,
        shard,
        limit: CLAIM_LIMIT,
        leaseMs: LEASE_MS,
        catchUpLimit: catchUpBucket.available(),
        graceMs: CATCH_UP_GRACE_MS,
        previousPause,
        // Events of these topics must not be published in place: an open breaker holds them, or they would overtake a
        // batch in flight.
        claimOnly: [...breakers.openTopics(), ...[...batches.values()].flat()],
      });
      previousPause = result.pause;
      isBehind = claimedCount(result) >= CLAIM_LIMIT;
      fired += result.published.count;
      catchUpBucket.take(result.claims.filter(isCaughtUp).length);
      if (result.unreadable.length > 0) followUp(setAside(deps, result.unreadable));
      if (result.claims.length > 0) launch(result);
      if (result.published.count > 0) countInPlace(result);
      const pauseMs = pauseUntilNext(result, settings.redisProcessingInterval * 1000);
      return Math.min(pauseMs, catchUpBucket.pauseMs());
    },
  });

  function launch(result: ClaimResult): void {
    const renewal = setInterval(() => renew(result), RENEW_MS);
    const topics = new Set(result.claims.map((claim) => claim.schedule.topic));
    const work = runBatch(result)
      .catch((error) => deps.log.error({ err: error }, "batch failed before its settle; its leases will expire"))
      .finally(() => clearInterval(renewal));
    batches.set(work, [...topics]);
    void work.then(() => batches.delete(work));
  }

  function countInPlace({ published, nowMs }: ClaimResult): void {
    const counting = countPublished({ deps, breakers, published, nowMs });
    followUp(counting.catch((error) => deps.log.warn({ err: error }, "could not count events published in place")));
  }

  function followUp(work: Promise<void>): void {
    followUps.add(work);
    void work.then(() => followUps.delete(work));
  }

  function renew({ claims }: ClaimResult): void {
    const [first] = claims;
    if (first === undefined) return;
    const keys = claims.map((claim) => claim.key);
    deps.hot
      .extend({ shard, token: first.token, keys, leaseMs: LEASE_MS })
      .catch((error) => deps.log.warn({ err: error }, "could not renew leases"));
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
      await Promise.all([...batches.keys(), ...followUps]);
    },
    isBehind: () => isBehind,
    inFlight: () => batches.size,
    firedTotal: () => fired,
  };
}

/** Waits until fewer than `limit` promises are left. The caller must remove each promise when it resolves. */
async function untilBelow(open: { size: number; keys(): Iterable<Promise<void>> }, limit: number): Promise<void> {
  while (open.size >= limit) await Promise.race(open.keys());
}

const claimedCount = ({ claims, published }: ClaimResult) => claims.length + published.count;

/** 0 after a full claim, because more may be due. */
function pauseUntilNext(result: ClaimResult, boundMs: number): number {
  if (claimedCount(result) >= CLAIM_LIMIT) return 0;
  if (result.nextDueMs === null) return boundMs;
  return Math.max(0, Math.min(boundMs, result.nextDueMs - result.nowMs));
}

const isCaughtUp = (claim: ClaimResult["claims"][number]) => claim.kind === "occurrence" && claim.caughtUp;

function countersOf(report: BatchReport) {
  const { published, failed, retried, dead, expired, held, refused } = report;
  return { published, failed, retried, dead, expired, held, refused };
}
