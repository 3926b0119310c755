import type { Observations } from "~/server/domain/capabilities";
import { dueAgeOutsidePause, isAllPaused, type PauseAll } from "~/server/domain/pause-all";
import { type SelfTestState, selfTestFaults } from "~/server/domain/self-test";
import type { BreakerView, Fault, WorkerView } from "~/server/domain/views";
import type { HotStats } from "~/server/ports/hot/server";
import type { Deps } from "../ctx";
import { readPauseAll } from "../pause-all";
import { collectBreakers } from "./breakers";
import { failingLoops } from "./loop-health";
import { readSelfTest } from "./self-test-state";
import { listWorkers } from "./workers";

/** Maximum number of topics that one check probes. */
const MAX_PROBED_TOPICS = 8;

/** The state of the hot tier and the workers. `fault` is why a part could not be read. */
export interface EngineState
  extends Pick<Observations, "refusal" | "breakers" | "failingLoops" | "engine" | "selfTest"> {
  workers: readonly WorkerView[];
  breakerViews: readonly BreakerView[];
  /**
   * While all firing is paused, `overdue` and `oldestDueAgeMs` are 0. After a pause, the age counts from its end at the
   * earliest. Null if the statistics could not be read.
   */
  stats: HotStats | null;
  /** The pause of all firing in force; null for none. */
  pauseAll: PauseAll | null;
  /** Null if the self-test is off or has not run lately. */
  selfTestState: SelfTestState | null;
  fault: Fault | null;
}

/**
 * Checks whether Redis accepts writes, and reads the state of workers, breakers and queues. Throws errors of Redis,
 * except those of the write check (`refusal`) and of the statistics (`fault`).
 */
export async function readEngineState(deps: Deps): Promise<EngineState> {
  const [refusal, workers, breakerViews, selfTest, stats, stored] = await Promise.all([
    refusalOf(deps),
    listWorkers(deps),
    collectBreakers(deps),
    readSelfTest(deps),
    // Caught, so that failing loops are still reported: their error is usually clearer.
    deps.hot.stats().catch((error: Error) => error),
    readPauseAll(deps),
  ]);
  const nowMs = deps.clock.now();
  const lastPause = stored?.pause ?? null;
  const pauseAll = isAllPaused(lastPause, nowMs) ? lastPause : null;
  const queueStats = stats instanceof Error ? null : statsOutsidePause(stats, lastPause, nowMs);
  // Without a worker, or if Redis refuses writes, the self-test cannot run. Health has a separate reason for each.
  const isExplained = refusal !== null || !workers.some((worker) => worker.alive);
  return {
    refusal,
    selfTest: selfTestFaults(selfTest, { nowMs, isExplained }),
    selfTestState: selfTest,
    workers,
    breakerViews,
    stats: queueStats,
    pauseAll,
    breakers: await findBlocked(deps, breakerViews),
    failingLoops: failingLoops(workers, nowMs),
    engine: {
      workers,
      oldestDueAgeMs: queueStats?.oldestDueAgeMs ?? 0,
      outboxOldestAgeMs: queueStats?.outboxOldestAgeMs ?? 0,
    },
    fault:
      stats instanceof Error
        ? { code: "redis_unreadable", message: `The queue cannot be read: ${stats.message}` }
        : null,
  };
}

function statsOutsidePause(stats: HotStats, pause: PauseAll | null, nowMs: number): HotStats {
  const oldestDueAgeMs = dueAgeOutsidePause(stats.oldestDueAgeMs, pause, nowMs);
  return { ...stats, oldestDueAgeMs, overdue: isAllPaused(pause, nowMs) ? 0 : stats.overdue };
}

async function refusalOf(deps: Deps): Promise<Fault | null> {
  try {
    await deps.hot.probeWrite();
    return null;
  } catch (error) {
    return { code: "redis_refuses_writes", message: `Redis refuses writes: ${(error as Error).message}` };
  }
}

/** Returns topics and stores whose breaker is not closed, and topics with recent failures whose probe fails. */
async function findBlocked(deps: Deps, views: readonly BreakerView[]): Promise<Observations["breakers"]> {
  const open = views.filter((view) => view.state !== "closed").map((view) => ({ view, fault: openFault(view) }));
  const failed = views.filter((view) => view.state === "closed" && view.kind === "topic" && view.failures > 0);
  const probed = await Promise.all(
    failed.slice(0, MAX_PROBED_TOPICS).map(async (view) => {
      const found = await deps.bus?.probe(view.target);
      if (found === undefined || found.ok) return [];
      const message = `Topic ${view.target} refuses events: ${found.detail}`;
      return [{ view, fault: { code: "topic_refuses" as const, message } }];
    }),
  );
  return [...open, ...probed.flat()];
}

function openFault({ kind, target, held, error }: BreakerView): Fault {
  const what = kind === "topic" ? `Topic ${target} refuses events` : `The breaker of ${kind} ${target} is open`;
  const heldEvents = held === 1 ? "; 1 event is held" : held > 1 ? `; ${held} events are held` : "";
  const message = `${what}${heldEvents}: ${error ?? "no error was recorded"}`;
  return { code: kind === "topic" ? "topic_refuses" : "clickhouse_breaker_open", message };
}

/** The observations if Redis could not be read. */
export const UNKNOWN_ENGINE_STATE = {
  ...{ refusal: null, breakers: [], failingLoops: [], engine: null },
  selfTest: { accepts: null, fires: null, records: null },
} satisfies Partial<Observations>;
