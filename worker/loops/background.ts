import type { AuditReceiver } from "~/server/ports/audit-receiver";
import type { Lock } from "~/server/ports/shared-state/locks";
import { createAuditStream } from "~/server/services/audit-stream/stream";
import { runBulkStep } from "~/server/services/bulk/run-step";
import { count } from "~/server/services/counters";
import type { Deps } from "~/server/services/ctx";
import { type Breakers, behindBreaker } from "~/server/services/firing/breakers";
import { cleanupOnce } from "~/server/services/firing/cleanup-once";
import { createEarlyTrials } from "~/server/services/firing/early-trials";
import { endPauses, rememberPauses } from "~/server/services/firing/end-pauses";
import { createClockMover } from "~/server/services/firing/move-clock";
import { promoteOnce } from "~/server/services/firing/promote-once";
import { rebuild, rebuildState } from "~/server/services/firing/rebuild";
import { createRecorder } from "~/server/services/firing/record";
import { createRecordingPace } from "~/server/services/firing/recording-pace";
import { runBreakerTrials } from "~/server/services/firing/run-breaker-trials";
import { watchOnce } from "~/server/services/firing/watch-once";
import { createSelfTest } from "~/server/services/monitoring/self-test";
import { applyPauseAll, endPauseAll } from "~/server/services/pause-all";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { applyZones } from "~/server/services/zones";
import { createLoop, type Loop } from "../loop";

const STORE = "store:clickhouse" as const;
const RESCUE_PAUSE_MS = 5000;
const RESCUE_LIMIT = 500;
const STREAM_PAUSE_MS = 1000;
const STREAM_FAILURE_PAUSE_MS = 30_000;
const CLEANUP_PAUSE_MS = 3_600_000;
/** Short, because nothing is recorded between the death of the lock's holder and the expiry of the lock. */
const RECORD_LOCK_MS = 2000;
const RECORD_LOCKED_PAUSE_MS = 500;
/** Short, so that recording continues soon after a repair. */
const RECORD_FAILURE_PAUSE_MS = 500;
/** Time limit for flushing the outbox at shutdown. */
const FLUSH_MS = 10_000;
/** Lock of the loops `pauses`, `bulk`, `audit-stream` and `virtual-clock`. */
const HOLDER_LOCK_MS = 30_000;
/** Short, so that another worker soon starts the rebuild again if the worker that rebuilds dies. */
const REBUILD_LOCK_MS = 6000;
const WATCH_LOCK_MS = 120_000;
const SELF_TEST_LOCK_MS = 5000;
/** Shorter than the lock, because each tick renews the lock. */
const SELF_TEST_PAUSE_MS = 2500;
const PAUSES_PAUSE_MS = 1000;
const BULK_PAUSE_MS = 1000;
/** Pause between the steps of a bulk job, so that a job does not delay firing. */
const BULK_STEP_PAUSE_MS = 20;
const BREAKER_PAUSE_MS = 1000;
/** Pause while held occurrences are left to drain or to expire. */
const DRAIN_PAUSE_MS = 100;
/** Pause while the breaker of ClickHouse is open or Redis is being rebuilt. */
const STORE_RETRY_PAUSE_MS = 1000;

interface LoopDeps {
  deps: Deps;
  breakers: Breakers;
  workerId: string;
  onTick?: (name: string) => void;
}

/**
 * Records a shard's outbox in ClickHouse. A lock avoids a second recorder per shard. If two recorders inserted the same
 * batch, ClickHouse would drop the second insert by its token.
 */
export function createRecordLoop(input: LoopDeps & { shard: number; isBusy: () => boolean }): Loop {
  const { deps, shard, isBusy } = input;
  const pace = createRecordingPace();
  const lock = deps.locks(`record-${shard}`, RECORD_LOCK_MS);
  const recorder = createRecorder(deps, shard);
  const loop = createLoop({
    name: `record-${shard}`,
    log: deps.log,
    maxFailurePauseMs: RECORD_FAILURE_PAUSE_MS,
    onTick: input.onTick,
    async tick() {
      if (!(await lock.hold())) {
        recorder.forget();
        return RECORD_LOCKED_PAUSE_MS;
      }
      const begun = performance.now();
      const yieldMs = pace.yieldMs({ isBusy: isBusy(), nowMs: begun });
      if (yieldMs > 0) return yieldMs;
      // Renew the lock during a slow insert, so that no second recorder starts.
      const renewal = setInterval(() => void lock.hold().catch(() => undefined), RECORD_LOCK_MS / 3);
      const recorded = await behindBreaker(storeOf(input), () => recorder.once()).finally(() => clearInterval(renewal));
      if (recorded === null) return STORE_RETRY_PAUSE_MS;
      const { entries, more } = recorded;
      if (entries > 0) await count(deps, { recorded: entries });
      return pace.pauseAfterMs({ tookMs: performance.now() - begun, more });
    },
  });
  /** At shutdown, records the last entries of the other loops, because this may be the last worker. */
  async function flush(): Promise<void> {
    const untilMs = performance.now() + FLUSH_MS;
    while (performance.now() < untilMs && (await lock.hold())) {
      const recorded = await behindBreaker(storeOf(input), () => recorder.once());
      if (recorded === null || recorded.entries === 0) return;
    }
  }

  return {
    ...loop,
    async stop() {
      await loop.stop();
      await flush().catch((error) => deps.log.warn({ err: error }, "could not flush the outbox"));
      await lock.release();
    },
  };
}

/**
 * Moves long-term schedules to Redis before they are due, rebuilds a Redis that has lost its data, and applies new time
 * zone rules. Several workers may promote at the same time, because fences refuse older rows.
 */
export function createPromoteLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("rebuild", REBUILD_LOCK_MS);
  return createLoop({
    name: "promote",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      const report = await behindBreaker(storeOf(input), async () => {
        const state = await rebuildState(deps);
        if (state === "waiting") return null;
        const rebuilt = state === "rebuild" ? await whileHeld(lock, () => rebuild(deps)) : 0;
        if (rebuilt === null) return null;
        if (rebuilt > 0 && (await deps.redisLoss.takeSeeded()))
          deps.log.info({ loaded: rebuilt }, "loaded the seeded schedules");
        else if (rebuilt > 0) deps.log.warn({ rebuilt }, "rebuilt empty Redis from ClickHouse");
        // Apply new zone rules before promotion, so that no schedule is promoted with a plan of old rules.
        await applyZones(deps);
        return promoteOnce(deps);
      });
      if (report === null) return STORE_RETRY_PAUSE_MS;
      if (report.promoted > 0) deps.log.info({ ...report }, "promoted");
      await count(deps, { promoted: report.promoted }, { promotion: [report.tookMs / 1000] });
      return deps.settings.current().clickhouseSyncInterval * 1000;
    },
  });
}

/** Releases the lock when the loop has stopped, so that another worker continues at once. */
function releasingAtStop(loop: Loop, lock: Lock): Loop {
  return {
    ...loop,
    async stop() {
      await loop.stop();
      // If Redis cannot be reached, the lock expires.
      await lock.release().catch(() => undefined);
    },
  };
}

/** Runs a function under the lock. Returns null if another worker holds the lock. */
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

const storeOf = ({ deps, breakers, workerId }: LoopDeps) => ({ deps, breakers, name: STORE, by: workerId });

/** Refreshes this process's snapshot of the breakers, runs their trials, and drains or expires held occurrences. */
export function createBreakerLoop(input: LoopDeps): Loop {
  const { deps } = input;
  return createLoop({
    name: "breakers",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      return (await runBreakerTrials(input)) ? DRAIN_PAUSE_MS : BREAKER_PAUSE_MS;
    },
  });
}

/** Checks the causes of open breakers. A separate loop, because a check of an unreachable server takes long. */
export function createEarlyTrialsLoop(input: LoopDeps): Loop {
  const early = createEarlyTrials(input);
  return createLoop({
    name: "early-trials",
    log: input.deps.log,
    onTick: input.onTick,
    async tick() {
      await early.check();
      return BREAKER_PAUSE_MS;
    },
  });
}

/** Makes occurrences with expired leases due again. */
export function createRescueLoop(input: LoopDeps & { shard: number }): Loop {
  const { deps, shard } = input;
  return createLoop({
    name: `rescue-${shard}`,
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      const rescued = await deps.hot.rescue({ shard, limit: RESCUE_LIMIT });
      if (rescued > 0) deps.log.warn({ rescued, shard }, "rescued occurrences with expired leases");
      await count(deps, { rescued });
      return rescued >= RESCUE_LIMIT ? 0 : RESCUE_PAUSE_MS;
    },
  });
}

/** Compares the due occurrences with the ledger, and restores lost occurrences and pause ends. */
export function createWatchLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("watch", WATCH_LOCK_MS);
  return createLoop({
    name: "watch",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      // Without the lock, another worker runs the check.
      if (await lock.hold()) await behindBreaker(storeOf(input), () => watchAll(deps));
      return deps.settings.current().checkIntervalSeconds * 1000;
    },
  });
}

async function watchAll(deps: Deps): Promise<void> {
  await rememberPauses(deps, await deps.hot.now());
  await watchOnce(deps);
}

export function createSelfTestLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("self-test", SELF_TEST_LOCK_MS);
  const test = createSelfTest(deps);
  return createLoop({
    name: "self-test",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      if (!(await lock.hold())) return SELF_TEST_PAUSE_MS;
      return Math.min(await test.step(), SELF_TEST_PAUSE_MS);
    },
  });
}

/** Resumes schedules whose pause has ended; stores the end of a pause of all firing, and repairs its flags in Redis. */
export function createPausesLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("pauses", HOLDER_LOCK_MS);
  const loop = createLoop({
    name: "pauses",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      if (await lock.hold()) {
        await applyPauseAll(deps);
        await endPauses(deps);
        // Last, because it fails if ClickHouse is down.
        await endPauseAll({ deps, principal: SYSTEM_PRINCIPAL, requestId: "pauses" });
      }
      return PAUSES_PAUSE_MS;
    },
  });
  return releasingAtStop(loop, lock);
}

/** Runs bulk jobs in steps. If the worker dies, another one continues its job. */
export function createBulkLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("bulk", HOLDER_LOCK_MS);
  const loop = createLoop({
    name: "bulk",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      if (!(await lock.hold())) return BULK_PAUSE_MS;
      return (await runBulkStep(deps)) ? BULK_STEP_PAUSE_MS : BULK_PAUSE_MS;
    },
  });
  return releasingAtStop(loop, lock);
}

/**
 * Sends the audit trail to one receiver, in one worker at a time. A failed delivery is repeated after a pause of at
 * most STREAM_FAILURE_PAUSE_MS.
 */
export function createAuditStreamLoop(input: LoopDeps & { receiver: AuditReceiver; index: number }): Loop {
  const { deps, receiver, index } = input;
  const lock = deps.locks(`audit-${receiver.name}`, HOLDER_LOCK_MS);
  const stream = createAuditStream(deps, receiver);
  const loop = createLoop({
    name: `audit-stream-${index}`,
    log: deps.log,
    maxFailurePauseMs: STREAM_FAILURE_PAUSE_MS,
    onTick: input.onTick,
    async tick() {
      if (!(await lock.hold())) return STREAM_PAUSE_MS;
      return (await stream.once()) ? 0 : STREAM_PAUSE_MS;
    },
  });
  return {
    ...loop,
    async stop() {
      await loop.stop();
      await lock.release();
      await receiver.close();
    },
  };
}

/** Moves the virtual clock of an installation for tests, in one worker at a time. */
export function createVirtualClockLoop(input: LoopDeps): Loop {
  const { deps } = input;
  const lock = deps.locks("virtual-clock", HOLDER_LOCK_MS);
  const step = createClockMover(deps);
  return createLoop({
    name: "virtual-clock",
    log: deps.log,
    onTick: input.onTick,
    tick: async () => ((await lock.hold()) ? step() : PAUSES_PAUSE_MS),
  });
}

export function createCleanupLoop(input: LoopDeps): Loop {
  const { deps } = input;
  return createLoop({
    name: "cleanup",
    log: deps.log,
    onTick: input.onTick,
    async tick() {
      await cleanupOnce(deps, { dryRun: false });
      return CLEANUP_PAUSE_MS;
    },
  });
}
