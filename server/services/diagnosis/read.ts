import { type Check, type DiagnosisFacts, diagnose, type Read } from "~/server/domain/diagnosis";
import { zonesInUse } from "~/server/domain/recurrence";
import { VERSION } from "~/server/version";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { withCheckTimeout } from "../monitoring/check-timeout";
import { listWorkers } from "../monitoring/workers";

/** The facts about an installation, and what is wrong with them. Times are ISO 8601 UTC. */
export interface Diagnosis {
  checkedAt: string;
  /** The release of the answering process. */
  version: string;
  checks: Check[];
}

/**
 * Reads facts about Redis, ClickHouse, the bus and the processes, and judges them. A part that does not answer becomes
 * a check. Right: `system:operate`.
 */
export async function getDiagnosis(call: { ctx: Ctx }): Promise<Diagnosis> {
  requireRight(call.ctx, "system:operate");
  const { deps } = call.ctx;
  const [redis, clickhouse, bus, workers] = await Promise.all([
    read(async () => {
      const [info, memory] = await Promise.all([deps.hot.serverInfo(), deps.hot.memory()]);
      return { ...info, ...memory };
    }),
    read(() => clickhouseFacts(deps)),
    read(() => busFacts(deps)),
    read(() => workerFacts(deps)),
  ]);
  const nowMs = deps.clock.now();
  const { version: zones, source } = zonesInUse();
  const clockSkewMs = deps.virtualClock === undefined ? Date.now() - nowMs : null;
  const web = { version: VERSION, clockSkewMs, tzdata: { version: zones, source } };
  const facts: DiagnosisFacts = { redis, clickhouse, bus, web, workers };
  return { checkedAt: new Date(nowMs).toISOString(), version: VERSION, checks: diagnose(facts) };
}

async function clickhouseFacts({ store, clock, virtualClock }: Deps) {
  const before = clock.now();
  const { nowMs, ...info } = await store.serverInfo();
  // ClickHouse keeps the real time.
  if (virtualClock !== undefined) return { ...info, clockSkewMs: null };
  // The server read its clock between these two times.
  return { ...info, clockSkewMs: nowMs - (before + clock.now()) / 2 };
}

async function workerFacts(deps: Deps) {
  const alive = (await listWorkers(deps)).filter((worker) => worker.alive);
  return deps.virtualClock === undefined ? alive : alive.map((worker) => ({ ...worker, clockSkewMs: null }));
}

async function busFacts({ bus, env }: Deps) {
  if (bus === null) throw new Error("This process does not use the bus.");
  const delayed = `${env.topicPrefix}.delayed`;
  const group = { group: `${env.kafkaGroupId}.schedules.delayed_events`, topic: delayed };
  return bus.inspect({ topics: [delayed, `${delayed}.dlq`], group });
}

async function read<T extends object>(load: () => Promise<T>): Promise<Read<T>> {
  try {
    return await withCheckTimeout(load);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
