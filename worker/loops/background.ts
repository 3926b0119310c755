import type { Lock } from "~/server/ports/shared-state/locks";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { count } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import { type Breakers, behindBreaker } from "~/server/services/firing/breakers";
import { cleanupOnce } from "~/server/services/firing/cleanup-once";
import { createEarlyTrials } from "~/server/services/firing/early-trials";
import { endPauses, rememberPauses } from "~/server/services/firing/end-pauses";
import { promoteOnce } from "~/server/services/firing/promote-once";
import { lossOf, rebuild } from "~/server/services/firing/rebuild";
import { createRecorder } from "~/server/services/firing/record";
import { createRecordingPace } from "~/server/services/firing/recording-pace";
import { runBreakerTrials } from "~/server/services/firing/run-breaker-trials";
import { watchOnce } from "~/server/services/firing/watch-once";
import { createSelfTest } from "~/server/services/monitoring/self-test";
import { applyZones } from "~/server/services/zones";
import { createLoop, type Loop } from "../loop";

const STORE = "store:clickhouse" as const;
const RESCUE_PAUSE_MS = 5000;
const RESCUE_LIMIT = 500;
const CLEANUP_PAUSE_MS = 3_600_000;
/** Short: until it ends nobody records after its holder has died, and that much a loss of Redis would cost. */
const RECORD_LOCK_MS = 2000;
const RECORD_LOCKED_PAUSE_MS = 500;
/** Redis takes nothing, or is full: as soon as that is over, what it holds must not wait to be recorded. */
const RECORD_FAILURE_PAUSE_MS = 500;
/** At the stop. Less than what a process is given to end. */
const WRITE_OUT_MS = 10_000;
const HOLDER_LOCK_MS = 30_000;
/** One worker fills a lost Redis; another goes on soon after that one has died. */
const REBUILD_LOCK_MS = 6000;

const WATCH_LOCK_MS = 120_000;
const SELF_TEST_LOCK_MS = 5000;
/** Often enough to keep the lock. */
const SELF_TEST_PAUSE_MS = 2500;
const PAUSES_PAUSE_MS = 1000;
const BULK_PAUSE_MS = 1000;
/** Live firing comes first. */
const BULK_STEP_PAUSE_MS = 20;
const BREAKER_PAUSE_MS = 1000;
const DRAIN_PAUSE_MS = 100;
/** While ClickHouse is left alone, its loops look this often whether a trial is due. */
const STORE_AWAY_PAUSE_MS = 1000;

interface Given {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
  onTick?: (name: string) => void;
}

/**
 * Outbox into ClickHouse. One recorder a shard at a time: two would read the same batch; its token makes even that
 * harmless.
 */
export function createRecordLoop(given: Given & { shard: number; isBusy: () => boolean }): Loop {
  const { deps, shard, isBusy } = given;
  const pace = createRecordingPace();
  const lock = deps.locks(`record-${shard}`, RECORD_LOCK_MS);
  const recorder = createRecorder(deps, shard);
  const loop = createLoop({
    name: `record-${shard}`,
    log: deps.log,
    mostFailurePauseMs: RECORD_FAILURE_PAUSE_MS,
    onTick: given.onTick,
    async tick() {
      if (!(await lock.hold())) {
        recorder.forget();
        return RECORD_LOCKED_PAUSE_MS;
      }
      const begun = performance.now();
      const yieldMs = pace.yieldMs({ isBusy: isBusy(), nowMs: begun });
      if (yieldMs > 0) return yieldMs;
      // A slow insert must not let a second recorder begin with the same batch.
      const renewal = setInterval(() => void lock.hold().catch(() => undefined), RECORD_LOCK_MS / 3);
      const recorded = await behindBreaker(storeOf(given), () => recorder.once()).finally(() => clearInterval(renewal));
      if (recorded === null) return STORE_AWAY_PAUSE_MS;
      const { entries, more } = recorded;
      if (entries > 0) await count(deps, { recorded: entries });
      return pace.pauseAfterMs({ tookMs: performance.now() - begun, more });
    },
  });
  /** What the others left; another worker would find it as well, but a machine that is taken down may be the last. */
  async function writeOut(): Promise<void> {
    const untilMs = performance.now() + WRITE_OUT_MS;
    while (performance.now() < untilMs && (await lock.hold())) {
      const recorded = await behindBreaker(storeOf(given), () => recorder.once());
      if (recorded === null || recorded.entries === 0) return;
    }
  }

  return {
    ...loop,
    async stop() {
      await loop.stop();
      await writeOut().catch((error) => deps.log.warn({ err: error }, "the outbox is not written out"));
      await lock.release();
    },
  };
}

/**
 * Long-term schedules that come near move to Redis. One worker rebuilds a lost Redis; fences make promotion right
 * beside another.
 */
export function createPromoteLoop(given: Given): Loop {
  const { deps } = given;
  const lock = deps.locks("rebuild", REBUILD_LOCK_MS);
  return createLoop({
    name: "promote",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      const report = await behindBreaker(storeOf(given), async () => {
        const loss = await lossOf(deps);
        if (loss === "settling") return null;
        const rebuilt = loss === "rebuild" ? await whileHeld(lock, () => rebuild(deps)) : 0;
        if (rebuilt === null) return null;
        if (rebuilt > 0 && (await deps.lossNotes.takeSeeded()))
          deps.log.info({ loaded: rebuilt }, "loaded the seeded schedules");
        else if (rebuilt > 0) deps.log.warn({ rebuilt }, "Redis was empty: rebuilt from ClickHouse");
        // First, so that nothing is promoted by a plan of other rules.
        await applyZones(deps);
        return promoteOnce(deps);
      });
      if (report === null) return STORE_AWAY_PAUSE_MS;
      if (report.promoted > 0) deps.log.info({ ...report }, "promoted");
      await count(deps, { promoted: report.promoted }, { promotion: [report.tookMs / 1000] });
      return deps.settings.current().clickhouseSyncInterval * 1000;
    },
  });
}

/** Null: another worker holds the lock. */
async function whileHeld<T>(lock: Lock, run: () => Promise<T>): Promise<T | null> {
  if (!(await lock.hold())) return null;
  const renewal = setInterval(() => void lock.hold().catch(() => undefined), REBUILD_LOCK_MS / 3);
  try {
    return await run();
  } finally {
    clearInterval(renewal);
    await lock.release();
  }
}

const storeOf = ({ deps, breakers, workerId }: Given) => ({ deps, breakers, name: STORE, by: workerId });

/**
 * Keeps this process's picture of the breakers fresh, makes their trials, drains what is held behind those that closed.
 */
export function createBreakerLoop(given: Given): Loop {
  const { deps } = given;
  return createLoop({
    name: "breakers",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      return (await runBreakerTrials(given)) ? DRAIN_PAUSE_MS : BREAKER_PAUSE_MS;
    },
  });
}

/** Looks at the causes of open breakers. A loop of its own: a server that is away takes its time to say so. */
export function createEarlyTrialsLoop(given: Given): Loop {
  const early = createEarlyTrials(given);
  return createLoop({
    name: "early-trials",
    log: given.deps.log,
    onTick: given.onTick,
    async tick() {
      await early.look();
      return BREAKER_PAUSE_MS;
    },
  });
}

/** Leases that ran out become claimable again. */
export function createRescueLoop(given: Given & { shard: number }): Loop {
  const { deps, shard } = given;
  return createLoop({
    name: `rescue-${shard}`,
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      const rescued = await deps.hot.rescue({ shard, limit: RESCUE_LIMIT });
      if (rescued > 0) deps.log.warn({ rescued, shard }, "leases had run out");
      await count(deps, { rescued });
      return rescued >= RESCUE_LIMIT ? 0 : RESCUE_PAUSE_MS;
    },
  });
}

/** Compares plan, ledger and hot tier. */
export function createWatchLoop(given: Given): Loop {
  const { deps } = given;
  const lock = deps.locks("watch", WATCH_LOCK_MS);
  return createLoop({
    name: "watch",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      // Who does not get the lock need not look as well.
      if (await lock.hold()) await behindBreaker(storeOf(given), () => watchAll(deps));
      return deps.settings.current().checkIntervalSeconds * 1000;
    },
  });
}

async function watchAll(deps: Deps): Promise<void> {
  await rememberPauses(deps, await deps.hot.now());
  await watchOnce(deps);
}

/** Keeps the product's own event on its way; one worker at a time, and soon another when that one dies. */
export function createSelfTestLoop(given: Given): Loop {
  const { deps } = given;
  const lock = deps.locks("self-test", SELF_TEST_LOCK_MS);
  const test = createSelfTest(deps);
  return createLoop({
    name: "self-test",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      if (!(await lock.hold())) return SELF_TEST_PAUSE_MS;
      return Math.min(await test.step(), SELF_TEST_PAUSE_MS);
    },
  });
}

/** Ends pauses at their time. */
export function createPausesLoop(given: Given): Loop {
  const { deps } = given;
  const lock = deps.locks("pauses", HOLDER_LOCK_MS);
  return createLoop({
    name: "pauses",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      if (await lock.hold()) await endPauses(deps);
      return PAUSES_PAUSE_MS;
    },
  });
}

/** Carries out bulk jobs, one step after the other; another worker goes on with the job of one that died. */
export function createBulkLoop(given: Given): Loop {
  const { deps } = given;
  const lock = deps.locks("bulk", HOLDER_LOCK_MS);
  return createLoop({
    name: "bulk",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      if (!(await lock.hold())) return BULK_PAUSE_MS;
      return (await runBulkStep(deps)) ? BULK_STEP_PAUSE_MS : BULK_PAUSE_MS;
    },
  });
}

export function createCleanupLoop(given: Given): Loop {
  const { deps } = given;
  return createLoop({
    name: "cleanup",
    log: deps.log,
    onTick: given.onTick,
    async tick() {
      await cleanupOnce(deps, { dryRun: false });
      return CLEANUP_PAUSE_MS;
    },
  });
}
