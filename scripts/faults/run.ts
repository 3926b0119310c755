import { setTimeout as pause } from "node:timers/promises";
import { createRedis } from "~/server/adapters/redis/connection/client";
import type { Redis } from "~/server/adapters/redis/connection/redis-types";
import { type Ctx, type Deps, SYSTEM_PRINCIPAL } from "~/server/services/ctx";
import { lastWatch } from "~/server/services/firing/watch-report";
import { kafkaSide, redisSide } from "./bus-log";
import { canaryResult, openCanary } from "./canary";
import { compare } from "./compare";
import { ConstantLoad } from "./constant-load";
import { inject, possibleKinds } from "./inject";
import { type Installation, openInstallation } from "./installation";
import { readLedger } from "./ledger";
import { Oracle } from "./oracle";
import { FAULT_KINDS, type FaultKind, type PlannedFault, planFaults } from "./plan";
import { createRandom } from "./random";
import { type Broken, type FaultLine, type FaultReport, latenessAfter, latenessByFault, outcomesByTag } from "./report";
import { sampleInstallation } from "./samples";
import type { Scenario } from "./scenarios";
import { openStanding } from "./standing";
import { Traffic } from "./traffic";

const RECOVERY_LIMIT_MS = 150_000;
const SETTLE_LIMIT_MS = 240_000;
const LOOK_MS = 250;
/** If ClickHouse keeps up, it has a change within this time. */
const CURRENT_MS = 700;

/** The load of a run. Reports each request and answer to the oracle. */
export interface Load {
  readonly calls: number;
  readonly failedCalls: number;
  start(): Promise<void>;
  /** Stops the load; returns the time from which nothing needs to be due. */
  end(): Promise<number>;
  /** Reads the state of these schedules again, after a wipe of Redis may have undone their last change. */
  refresh(ids: readonly string[]): void;
}

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
 * One run: opens an installation, applies load and the planned faults, waits until everything has settled, and
 * compares.
 */
export async function runFaults(input: RunInput): Promise<FaultReport> {
  const installation = await openInstallation(input);
  Object.assign(process.env, installation.env, { LOG_LEVEL: "silent" });
  const redis = createRedis({ url: installation.env.REDIS_URL as string });
  // Imported only now, because the container reads the environment that the installation has set.
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
  given: { installation: Installation; deps: Deps; redis: Redis },
  input: RunInput,
): Promise<FaultReport> {
  const { installation, deps, redis } = given;
  const ctx: Ctx = { deps, principal: SYSTEM_PRINCIPAL, requestId: "faults" };
  const bus = installation.kafka ? await kafkaSide(installation.kafka.brokers) : redisSide(redis);
  await Promise.all(Array.from({ length: input.workers }, (_, slot) => installation.startWorker(slot)));
  const kinds = possibleKinds(installation, input.kinds ?? FAULT_KINDS);
  const plan = input.scenario?.plan ?? planFaults({ ...input, kinds });
  const standing = await openStanding(ctx);
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
  const broken: Broken[] = [];
  for (const fault of plan) {
    await pause(Math.max(0, startMs + fault.atMs - Date.now()));
    // Data that only Redis has is lost in a wipe; the guarantee applies only if ClickHouse keeps up.
    if (fault.kind === "redis-wipe" && (await untilRecovered(ctx, RECOVERY_LIMIT_MS, CURRENT_MS)) === null) {
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
  if ((await settled(ctx, { endMs, standing: standing.schedules })) === null)
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
    refused: traffic.failedCalls,
    comparison: compare({
      oracle,
      // The canary is evaluated separately.
      ledger: rows.filter((row) => row.scheduleId !== canary?.scheduleId),
      bus: seen,
      endMs,
    }),
    bad: { sent: bad?.sent ?? 0, wrong: bad?.wrong ?? [] },
    canary: canary && canaryResult(rows, { ...canary, endMs: canaryEndMs }, broken),
    ledgerRows: rows.reduce((sum, row) => sum + row.copies, 0),
    rolledUp,
    broken: standing.broken,
    lateness: latenessByFault(rows, broken),
    faults: lines,
    samples: lines.map((line) => samples.between(startMs + line.at, startMs + line.at + line.durationMs)),
    afterFaults: latenessAfter(rows, broken),
    byPolicy: outcomesByTag(rows, traffic instanceof ConstantLoad ? traffic.policyOf : new Map()),
  };

  async function injectFault(fault: PlannedFault): Promise<FaultLine> {
    const fromMs = Date.now();
    input.say(
      `${new Date(fromMs).toISOString().slice(11, 19)}, ${((fromMs - startMs) / 1000).toFixed(0)} s: ${fault.kind} for ${(fault.durationMs / 1000).toFixed(1)} s`,
    );
    const onWiped = (atMs: number) => traffic.refresh(oracle.wiped(atMs));
    await inject({ installation, redis, bus, onWiped }, fault);
    const repairedMs = Date.now();
    await standing.check(`${fault.kind} at ${((fromMs - startMs) / 1000).toFixed(0)} s`);
    const took = await untilRecovered(ctx, RECOVERY_LIMIT_MS);
    broken.push({ fromMs, repairedMs, toMs: Date.now() });
    const { kind, durationMs } = fault;
    return { kind, at: fromMs - startMs, durationMs, recovered_ms: took === null ? null : Date.now() - repairedMs };
  }
}

/**
 * Waits until nothing due waits, nothing is held, and ClickHouse has nearly everything. Null if that takes too long.
 */
async function untilRecovered(ctx: Ctx, limitMs: number, oldestChangeMs = 5000): Promise<true | null> {
  return until(limitMs, async () => {
    const stats = await ctx.deps.hot.stats();
    return (
      stats.oldestDueMs < 1000 &&
      stats.held === 0 &&
      stats.outboxDepth < 200 &&
      stats.outboxOldestMs < oldestChangeMs &&
      (await ctx.deps.hot.epoch()) !== null
    );
  });
}

/** Waits until only the `standing` schedules are left. */
async function settled(ctx: Ctx, { endMs, standing }: { endMs: number; standing: number }): Promise<true | null> {
  return until(SETTLE_LIMIT_MS, async () => {
    const [hot, catalogue] = [await ctx.deps.hot.stats(), await ctx.deps.store.catalogueCounts()];
    const { pending, running, held, outboxDepth } = hot;
    if (pending + running + held + outboxDepth > 0 || catalogue.clickhousePending > standing) return false;
    // And the watchdog has checked everything.
    return Date.parse((await lastWatch(ctx.deps))?.until ?? "") > endMs;
  });
}

async function until(limitMs: number, ready: () => Promise<boolean>): Promise<true | null> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await ready().catch(() => false)) return true;
    await pause(LOOK_MS);
  }
  return null;
}
