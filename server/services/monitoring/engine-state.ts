import type { Fault, Observations } from "~/server/domain/capabilities";
import { type SelfTestState, selfTestFaults } from "~/server/domain/self-test";
import type { BreakerView, WorkerView } from "~/server/domain/views";
import type { HotStats } from "~/server/ports/hot/server";
import type { Deps } from "../ctx";
import { collectBreakers } from "./breakers";
import { failingLoops } from "./loop-health";
import { readSelfTest } from "./self-test-state";
import { listWorkers } from "./workers";

/** Most topics to probe in one check, of those with recent failures but a closed breaker. */
const MAX_PROBED_TOPICS = 8;

/** The engine's state, read from Redis. `fault` tells why a part could not be read. */
export interface EngineState
  extends Pick<Observations, "refusal" | "breakers" | "failingLoops" | "engine" | "selfTest"> {
  workers: readonly WorkerView[];
  breakerViews: readonly BreakerView[];
  stats: HotStats | null;
  /** Null if the self-test is off. */
  selfTestState: SelfTestState | null;
  fault: Fault | null;
}

/** Checks whether Redis accepts writes, and reads the state of workers, breakers and queues. Throws errors of Redis. */
export async function readEngineState(deps: Deps): Promise<EngineState> {
  const [refusal, workers, breakerViews, selfTest, stats] = await Promise.all([
    refusalOf(deps),
    listWorkers(deps),
    collectBreakers(deps),
    readSelfTest(deps),
    // Whatever makes the statistics unreadable usually makes a loop fail too, and the loop's error is more specific.
    deps.hot.stats().catch((error: Error) => error),
  ]);
  const numbers = stats instanceof Error ? null : stats;
  const nowMs = deps.clock.now();
  const isExplained = refusal !== null || !workers.some((worker) => worker.alive);
  return {
    refusal,
    selfTest: selfTestFaults(selfTest, { nowMs, isExplained }),
    selfTestState: selfTest,
    workers,
    breakerViews,
    stats: numbers,
    breakers: await blocked(deps, breakerViews),
    failingLoops: failingLoops(workers, nowMs),
    engine: { workers, oldestDueMs: numbers?.oldestDueMs ?? 0, outboxOldestMs: numbers?.outboxOldestMs ?? 0 },
    fault: stats instanceof Error ? { service: "redis", message: `The queue cannot be read: ${stats.message}` } : null,
  };
}

async function refusalOf(deps: Deps): Promise<Fault | null> {
  try {
    await deps.hot.probeWrite();
    return null;
  } catch (error) {
    return { service: "redis", message: `Redis refuses writes: ${(error as Error).message}` };
  }
}

/** The topics and stores with an open or half-open breaker, and topics with recent failures whose probe fails. */
async function blocked(deps: Deps, views: readonly BreakerView[]): Promise<Observations["breakers"]> {
  const open = views.filter((view) => view.state !== "closed").map((view) => ({ view, fault: openFault(view) }));
  const failed = views.filter((view) => view.state === "closed" && view.kind === "topic" && view.failures > 0);
  const probed = await Promise.all(
    failed.slice(0, MAX_PROBED_TOPICS).map(async (view) => {
      const found = await deps.bus?.probe(view.target);
      if (found === undefined || found.ok) return [];
      const message = `Topic ${view.target} cannot be published to: ${found.detail}`;
      return [{ view, fault: { service: "bus" as const, message } }];
    }),
  );
  return [...open, ...probed.flat()];
}

function openFault({ kind, target, held, error }: BreakerView): Fault {
  const what = held > 0 ? `; ${held} events are held` : "";
  const message = `The breaker of ${kind} ${target} is open${what}: ${error ?? "it fails"}`;
  return { service: kind === "topic" ? "bus" : "clickhouse", message };
}

/** The state if Redis could not be read. */
export const UNKNOWN_ENGINE_STATE = {
  ...{ refusal: null, breakers: [], failingLoops: [], engine: null },
  selfTest: { accepts: null, fires: null, records: null },
} satisfies Partial<Observations>;
