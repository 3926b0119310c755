import { setTimeout as pause } from "node:timers/promises";
import { createRedis } from "~/server/adapters/redis/connection/client";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import type { Ctx, Deps } from "~/server/services/ctx";
import { lastWatch } from "~/server/services/firing/watch-report";
import { SYSTEM_PRINCIPAL } from "~/server/services/principal";
import { kafkaSide, redisSide } from "./bus-log";
import { canaryResult, openCanary } from "./canary";
import { compare } from "./compare";
import { ConstantLoad } from "./constant-load";
import { inject, possibleKinds } from "./inject";
import { type Installation, openInstallation } from "./installation";
import { readLedger } from "./ledger";
import type { Load } from "./load";
import { Oracle } from "./oracle";
import { FAULT_KINDS, type FaultKind, type PlannedFault, planFaults } from "./plan";
import { createPriorData } from "./prior-data";
import { createRandom } from "./random";
import {
  type FaultLine,
  type FaultPeriod,
  type FaultReport,
  latenessAfter,
  latenessByFault,
  outcomesByPolicy,
} from "./report";
import { sampleInstallation } from "./samples";
import type { Scenario } from "./scenarios";
import { Traffic } from "./traffic";

const RECOVERY_LIMIT_MS = 150_000;
const SETTLE_LIMIT_MS = 240_000;
const POLL_MS = 250;
/** ClickHouse keeps up with the load if no change waits longer than this. */
const MAX_RECORDING_DELAY_MS = 700;

export interface RunInput {
  dir: string;
  seed: number;
  lengthMs: number;
  workers: number;
  kafka: boolean;
  cluster: boolean;
  kinds?: readonly FaultKind[];
  scenario?: Scenario;
  say: (line: string) => void;
}

/**
 * Starts an installation, applies load and faults, waits until everything has settled, and compares the requests with
 * the ledger and the bus.
 */
export async function runFaults(input: RunInput): Promise<FaultReport> {
  const installation = await openInstallation(input);
  Object.assign(process.env, installation.env, { LOG_LEVEL: "silent" });
  const redis = createRedis({ url: installation.env.REDIS_URL as string });
  // Imported here, because the container reads the environment that was set above.
  const { openContainer, closeContainer } = await import("~/server/container");
  try {
    const { deps } = await openContainer("code");
    return await runIn({ installation, deps, redis }, input);
  } finally {
    redis.disconnect();
    await closeContainer();
    await installation.close();
  }
}

async function runIn(
  { installation, deps, redis }: { installation: Installation; deps: Deps; redis: Redis },
  input: RunInput,
): Promise<FaultReport> {
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "faults" };
  const bus = installation.kafka ? await kafkaSide(installation.kafka.brokers) : redisSide(redis);
  await Promise.all(Array.from({ length: input.workers }, (_, slot) => installation.startWorker(slot)));
  const kinds = possibleKinds(installation, input.kinds ?? FAULT_KINDS);
  const plan = input.scenario?.plan ?? planFaults({ ...input, kinds });
  const priorData = await createPriorData(ctx);
  const canary = input.scenario ? null : await openCanary(ctx, "faults.canary");
  const startMs = Date.now();
  const oracle = new Oracle();
  const random = createRandom(input.seed).fork();
  const traffic: Load = input.scenario
    ? new ConstantLoad({ ctx, oracle, ...input.scenario })
    : new Traffic({ ctx, oracle, random, bus, untilMs: startMs + input.lengthMs + 20_000 });
  await traffic.start();
  const watch = sampleInstallation(ctx);
  input.say(
    `${plan.length} faults planned, seed ${input.seed}, ${input.workers} workers, bus ${installation.kafka ? "Kafka" : "Redis Streams"}`,
  );

  const lines: FaultLine[] = [];
  const faultPeriods: FaultPeriod[] = [];
  for (const fault of plan) {
    await pause(Math.max(0, startMs + fault.atMs - Date.now()));
    // The guarantee for a wipe applies only if ClickHouse keeps up.
    if (
      fault.kind === "redis-wipe" &&
      (await untilRecovered(ctx, RECOVERY_LIMIT_MS, MAX_RECORDING_DELAY_MS)) === null
    ) {
      input.say("redis-wipe skipped: ClickHouse does not keep up with this load, so the guarantee does not apply");
      continue;
    }
    lines.push(await injectFault(fault));
  }
  await pause(Math.max(0, startMs + input.lengthMs - Date.now()));

  const endMs = await traffic.end();
  const canaryEndMs = (await canary?.stop()) ?? endMs;
  const samples = watch.stop();
  input.say("no more faults; waiting until everything has settled");
  if ((await untilSettled(ctx, { endMs, remainingSchedules: priorData.schedules })) === null)
    input.say(`✗ not everything settled within ${SETTLE_LIMIT_MS / 1000} s`);
  const { rows, rolledUp } = await readLedger(installation.env.CLICKHOUSE_URL as string);
  const seen = await bus.collect();
  const bad = traffic instanceof Traffic ? traffic.badInputs : null;
  await bad?.check();
  await bus.close();
  return {
    seed: input.seed,
    minutes: input.lengthMs / 60_000,
    calls: traffic.calls,
    failedCalls: traffic.failedCalls,
    comparison: compare({
      oracle,
      ledger: rows.filter((row) => row.scheduleId !== canary?.scheduleId),
      bus: seen,
      endMs,
    }),
    bad: { sent: bad?.sent ?? 0, wrong: bad?.wrong ?? [] },
    canary: canary && canaryResult(rows, { ...canary, endMs: canaryEndMs }, faultPeriods),
    ledgerRows: rows.reduce((sum, row) => sum + row.copies, 0),
    rolledUp,
    deviations: priorData.deviations,
    lateness: latenessByFault(rows, faultPeriods),
    faults: lines,
    samples: lines.map((line) => samples.between(startMs + line.at, startMs + line.at + line.durationMs)),
    afterFaults: latenessAfter(rows, faultPeriods),
    byPolicy: outcomesByPolicy(rows, traffic instanceof ConstantLoad ? traffic.policyOf : new Map()),
  };

  async function injectFault(fault: PlannedFault): Promise<FaultLine> {
    const fromMs = Date.now();
    input.say(
      `${new Date(fromMs).toISOString().slice(11, 19)}, ${((fromMs - startMs) / 1000).toFixed(0)} s: ${fault.kind} for ${(fault.durationMs / 1000).toFixed(1)} s`,
    );
    const recordWipe = (atMs: number) => traffic.refresh(oracle.wiped(atMs));
    await inject({ installation, redis, bus, recordWipe }, fault);
    const repairedMs = Date.now();
    await priorData.check(`${fault.kind} at ${((fromMs - startMs) / 1000).toFixed(0)} s`);
    const took = await untilRecovered(ctx, RECOVERY_LIMIT_MS);
    faultPeriods.push({ fromMs, repairedMs, toMs: Date.now() });
    const { kind, durationMs } = fault;
    return { kind, at: fromMs - startMs, durationMs, recovered_ms: took === null ? null : Date.now() - repairedMs };
  }
}

/**
 * Polls until no occurrence has been due for a second, none is held, and ClickHouse has nearly all changes. Null after
 * `limitMs`.
 */
async function untilRecovered(ctx: Ctx, limitMs: number, oldestChangeMs = 5000): Promise<true | null> {
  return until(limitMs, async () => {
    const stats = await ctx.deps.hot.stats();
    return (
      stats.oldestDueAgeMs < 1000 &&
      stats.held === 0 &&
      stats.outboxDepth < 200 &&
      stats.outboxOldestAgeMs < oldestChangeMs &&
      (await ctx.deps.hot.epoch()) !== null
    );
  });
}

/**
 * Polls until Redis has no work, ClickHouse has at most `remainingSchedules` pending schedules, and the watchdog has
 * checked all occurrences up to `endMs`. Null after SETTLE_LIMIT_MS.
 */
async function untilSettled(
  ctx: Ctx,
  { endMs, remainingSchedules }: { endMs: number; remainingSchedules: number },
): Promise<true | null> {
  return until(SETTLE_LIMIT_MS, async () => {
    const [hot, catalogue] = [await ctx.deps.hot.stats(), await ctx.deps.store.catalogueCounts()];
    const { pending, running, held, outboxDepth } = hot;
    if (pending + running + held + outboxDepth > 0 || catalogue.clickhousePending > remainingSchedules) return false;
    return Date.parse((await lastWatch(ctx.deps))?.until ?? "") > endMs;
  });
}

async function until(limitMs: number, ready: () => Promise<boolean>): Promise<true | null> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await ready().catch(() => false)) return true;
    await pause(POLL_MS);
  }
  return null;
}
