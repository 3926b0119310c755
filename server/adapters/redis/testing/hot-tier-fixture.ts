import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "ioredis";
import { newSchedule } from "~/server/domain/new-schedule";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import { newLeaseToken } from "~/server/lease-token";
import type { Claim, PlanClaim } from "~/server/ports/hot/claims";
import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { PutInput } from "~/server/ports/hot/schedules";
import type { SettleDelta, SettleItem } from "~/server/ports/hot/settlement";
import { startRedis } from "~/server/testing/services/redis";
import { createRedis } from "../connection/client";
import type { Redis } from "../connection/redis-types";
import { createHotTier } from "../hot-tier";
import type { InPlaceStreams } from "../in-place-streams";

/** A real Redis for one test file: the cluster of `useCluster`, or else `TEST_REDIS_URL`, or else a new server. */
export interface TestRedis {
  redis: Redis;
  /** The matching keys of all masters. */
  keys(pattern: string): Promise<string[]>;
  stop(): Promise<void>;
}

let clusterUnderTest: Cluster | null = null;

/** Makes `openTestRedis` return this cluster, for suites that also run on a cluster. */
export function useCluster(cluster: Cluster): void {
  clusterUnderTest = cluster;
}

export async function openTestRedis(): Promise<TestRedis> {
  if (clusterUnderTest !== null) {
    const cluster = clusterUnderTest;
    const keys = async (pattern: string) =>
      (await Promise.all(cluster.nodes("master").map((node) => node.keys(pattern)))).flat();
    return { redis: cluster, keys, stop: async () => undefined };
  }
  return openSingleRedis();
}

/** Like `openTestRedis`, but always a single server. With `extraArgs`, always starts a new server. */
export async function openSingleRedis(
  extraArgs: readonly string[] = [],
): Promise<TestRedis & { url: string; redis: Redis }> {
  const url = extraArgs.length === 0 ? process.env.TEST_REDIS_URL : undefined;
  if (url) {
    const redis = createRedis({ url });
    return { url, redis, keys: (pattern) => redis.keys(pattern), stop: async () => redis.disconnect() };
  }
  const dir = await mkdtemp(join(tmpdir(), "hot-tier-"));
  const server = await startRedis({ dir, extraArgs });
  const redis = createRedis({ url: server.url });
  return {
    url: server.url,
    redis,
    keys: (pattern) => redis.keys(pattern),
    async stop() {
      redis.disconnect();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A hot tier under a unique prefix. With streams, it publishes in place. */
export function freshTier(
  redis: Redis,
  shards = 1,
  streams: Omit<InPlaceStreams, "keyPrefix"> | null = null,
): { hot: HotTier; prefix: string } {
  const prefix = `test-${randomUUID()}:`;
  const inPlace = streams && { ...streams, keyPrefix: `${prefix}bus:` };
  const isBusElsewhere = inPlace === null;
  return { hot: createHotTier({ newLeaseToken, redis, prefix, shards, streams: inPlace, isBusElsewhere }), prefix };
}

const BASE: Partial<Omit<Schedule, "state">> = {
  topic: "orders",
  entityType: "order",
  action: "remind",
  payload: '{"order":1}',
  correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e",
};
const CREATED_MS = 1_764_000_000_000;
/** The time of the acknowledgement and of the end in `delta()`. */
export const FIRED_MS = CREATED_MS + 500;
const PUBLISH_MS = 3;

export function oneTime(executionTime: number, more: Partial<Schedule> = {}): Schedule {
  const scheduleId = randomUUID();
  const state = { tier: "redis", nextExecution: executionTime } as const;
  return { ...newSchedule({ ...BASE, scheduleId, nowMs: CREATED_MS, executionTime, state }), ...more };
}

export function recurring(more: Partial<Schedule> = {}): Schedule {
  const scheduleId = randomUUID();
  const cronExpression = "* * * * *";
  return {
    ...newSchedule({ ...BASE, scheduleId, nowMs: CREATED_MS, cronExpression, state: { tier: "redis" } }),
    ...more,
  };
}

export function planOf(...nominals: number[]): PlannedOccurrence[] {
  return nominals.map((nominalMs) => ({ nominalMs, effectiveMs: nominalMs }));
}

export function create(schedule: Schedule, plan = planOf(schedule.executionTime ?? 0)): PutInput {
  return { schedule, placement: { tier: "redis", plan }, expectedVersion: null };
}

export function edited(schedule: Schedule, changes: Partial<Schedule>): Schedule {
  const revision = schedule.state.revision + 1;
  return { ...schedule, version: schedule.version + 1, state: { ...schedule.state, revision }, ...changes };
}

export function removed(schedule: Schedule): PutInput {
  const row = edited(schedule, {});
  return {
    schedule: { ...row, state: { ...row.state, deleted: true } },
    placement: { tier: "clickhouse", nextExecution: null },
    expectedVersion: schedule.version,
  };
}

export interface ClaimOptions {
  limit?: number;
  leaseMs?: number;
  catchUpLimit?: number;
  graceMs?: number;
  workerId?: string;
  shard?: number;
}

/** Claims what is due in one shard: by default up to 500 occurrences. */
export async function claimAll(hot: HotTier, options: ClaimOptions = {}): Promise<(Claim | PlanClaim)[]> {
  const input = {
    workerId: "w1",
    limit: 500,
    leaseMs: 30_000,
    catchUpLimit: 500,
    graceMs: 60_000,
    shard: 0,
    ...options,
  };
  return (await hot.claim(input)).claims;
}

export async function claimOccurrences(hot: HotTier, options: ClaimOptions = {}): Promise<Claim[]> {
  return (await claimAll(hot, options)).filter((claim) => claim.kind === "occurrence");
}

/** Claims the only due occurrence; throws for none, several, or a plan. */
export async function claimOne(hot: HotTier, options: ClaimOptions = {}): Promise<Claim> {
  const claims = await claimAll(hot, options);
  const [claim] = claims;
  if (claims.length !== 1 || claim?.kind !== "occurrence") {
    throw new Error(`one occurrence was expected, not ${claims.map((one) => one.key).join(", ") || "none"}`);
  }
  return claim;
}

/** The delta of a successful first attempt, with changes. */
export function delta(more: Partial<SettleDelta> = {}): SettleDelta {
  return {
    outcome: "succeeded",
    reason: null,
    firedAt: FIRED_MS,
    endedAt: FIRED_MS,
    publishMs: PUBLISH_MS,
    attempts: [
      { n: 1, at: FIRED_MS - PUBLISH_MS, durationMs: PUBLISH_MS, workerId: "w1", errorClass: null, error: null },
    ],
    error: null,
    errorClass: null,
    workerId: "w1",
    partition: 0,
    offset: "12",
    actor: null,
    ...more,
  };
}

export function done(claim: Claim, more: Partial<SettleDelta> = {}, tail: SettleItem["tail"] = null): SettleItem {
  return { kind: "done", claim, delta: delta(more), tail };
}

/** Reads and acknowledges all batches of the outbox. */
export async function readOutbox(hot: HotTier, input: { fenceTtlMs?: number; shard?: number } = {}) {
  const { fenceTtlMs = 60_000, shard = 0 } = input;
  const all: Pick<NonNullable<Awaited<ReturnType<HotTier["readBatch"]>>>, "schedules" | "executions" | "documents"> = {
    schedules: [],
    executions: [],
    documents: [],
  };
  for (;;) {
    const batch = await hot.readBatch({ shard, limit: 1000 });
    if (batch === null) return all;
    all.schedules.push(...batch.schedules);
    all.executions.push(...batch.executions);
    all.documents.push(...batch.documents);
    await hot.ackBatch({ batch, fenceTtlMs });
  }
}

/** Waits until the clock of Redis is past `ms`, for leases of a few milliseconds. */
export async function untilPast(hot: HotTier, ms: number): Promise<void> {
  while ((await hot.now()) <= ms);
}
