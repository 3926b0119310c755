import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Execution } from "~/server/domain/execution";
import type { Percentiles } from "~/server/domain/views";
import type { Store } from "~/server/ports/store/store";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import type { ClickHouse } from "../connection/client";
import { PUBLISH_EDGES_MS, pieces } from "./metrics-cells";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Math.floor(Date.now() / HOUR) * HOUR + 23 * MINUTE + 12_345;

/** A seeded generator, so that a failure can be reproduced. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return x / 2 ** 32;
  };
}

const REASONS: Partial<Record<string, Execution["reason"]>> = {
  dead: "retries_used_up",
  expired: "max_delay",
  skipped: "paused",
};

function history(): Execution[] {
  const next = random(7);
  return Array.from({ length: 6000 }, (_, i) => {
    const scheduledFor = NOW - Math.floor(next() ** 2 * 40 * HOUR);
    const roll = next();
    const outcome = roll < 0.8 ? "succeeded" : roll < 0.88 ? "dead" : roll < 0.93 ? "expired" : "skipped";
    const lateness = outcome === "succeeded" ? Math.floor(Math.exp(next() * 12)) : 0;
    const published = outcome === "succeeded" || outcome === "dead";
    const endedAt = scheduledFor + lateness;
    return anExecution({
      scheduleId: `s-${i % 9}`,
      key: `s-${i % 9}@${scheduledFor}:replay:${i}`,
      scheduleName: `Schedule ${i % 9}`,
      scheduledFor,
      outcome,
      firedAt: outcome === "succeeded" ? endedAt : null,
      endedAt,
      latenessMs: lateness,
      late: lateness > 30_000,
      publishMs: published ? Math.exp(next() * 9) : null,
      topic: `topic.${i % 3}`,
      source: i % 2 ? "admin" : "kafka_delayed",
      tier: i % 4 ? "redis" : "clickhouse",
      enteredRedisAt: endedAt - Math.floor(next() * 5000),
      attempts: Array.from({ length: i % 5 === 0 ? 2 : 1 }, (_, n) => ({
        n: n + 1,
        at: endedAt,
        durationMs: 1,
        workerId: "w1",
        errorClass: i % 5 === 0 && n === 0 ? (i % 2 === 0 ? "publish" : "broker_connection") : null,
        error: null,
      })),
      reason: REASONS[outcome] ?? null,
      error: outcome === "dead" ? `Broker ${i} is away (request 0f0f0f0f${i})` : null,
      errorClass: outcome === "dead" ? "broker_connection" : null,
    });
  });
}

const rows = history();
let clickhouse: TestClickHouse;
let store: Store;
let client: ClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  ({ store, client } = await clickhouse.openStore());
  for (let i = 0; i < 6; i += 1) {
    const batch = { token: `b${i}`, schedules: [], executions: rows.slice(i * 1000, (i + 1) * 1000) };
    await store.insertBatch(batch);
    // A recorder that missed the acknowledgement sends the batch again.
    if (i % 2 === 0) await store.insertBatch(batch);
  }
});
afterAll(() => clickhouse.stop());

function outcomes(list: readonly Execution[]) {
  const ofOutcome = (outcome: string) => list.filter((row) => row.outcome === outcome);
  return {
    succeeded: ofOutcome("succeeded").length,
    late: ofOutcome("succeeded").filter((row) => row.late).length,
    expired: ofOutcome("expired").length,
    skipped: ofOutcome("skipped").length,
    dead: ofOutcome("dead").length,
    cancelled: ofOutcome("cancelled").length,
  };
}

const retried = (list: readonly Execution[]) => list.filter((row) => row.attempts.length > 1).length;

function successRate(list: readonly Execution[]): number | null {
  const { succeeded, dead, expired } = outcomes(list);
  return succeeded + dead + expired === 0 ? null : succeeded / (succeeded + dead + expired);
}

/**
 * Within 3 % of the true percentile or of its neighbours, because sketches count ranks slightly differently. With few
 * values, p95 and p99 are the maximum.
 */
function expectPercentile(actual: number | null, values: readonly number[], q: number): void {
  if (values.length === 0) {
    expect(actual).toBeNull();
    return;
  }
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const isMax = Math.ceil(q * sorted.length) === sorted.length;
  const low = sorted[isMax ? sorted.length - 1 : Math.max(0, Math.floor(rank) - 1)] as number;
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(rank) + 1)] as number;
  expect(actual).toBeGreaterThanOrEqual(low * 0.97);
  expect(actual).toBeLessThanOrEqual(high * 1.03);
}

function expectPercentiles(actual: Percentiles, values: readonly number[]): void {
  expectPercentile(actual.p50, values, 0.5);
  expectPercentile(actual.p95, values, 0.95);
  expectPercentile(actual.p99, values, 0.99);
}

const dead = (list: readonly Execution[]) => list.filter((row) => row.outcome === "dead");

/** End reasons by outcome, and the error classes of all attempts but the last, most frequent first. */
function reasonsOf(list: readonly Execution[]) {
  const causes = list.flatMap(({ outcome, reason, attempts }) => [
    ...(reason === null ? [] : [{ kind: outcome, reason: String(reason) }]),
    ...attempts.slice(0, -1).map(({ errorClass }) => ({ kind: "retry", reason: errorClass ?? "" })),
  ]);
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(JSON.stringify(cause), (counts.get(JSON.stringify(cause)) ?? 0) + 1);
  return [...counts]
    .map(([cause, count]) => ({ ...(JSON.parse(cause) as { kind: string; reason: string }), count }))
    .sort((a, b) => b.count - a.count || (`${a.kind} ${a.reason}` < `${b.kind} ${b.reason}` ? -1 : 1));
}

const lateness = (list: readonly Execution[]) => list.filter((r) => r.outcome === "succeeded").map((r) => r.latenessMs);
const publish = (list: readonly Execution[]) => list.flatMap((row) => row.publishMs ?? []);

describe("the summary", () => {
  const ranges: [string, { fromMs: number; toMs: number; topic?: string; source?: string; scheduleId?: string }][] = [
    ["the last hour to the ms", { fromMs: NOW - HOUR, toMs: NOW }],
    ["the last 24 hours", { fromMs: NOW - 24 * HOUR, toMs: NOW }],
    ["everything", { fromMs: NOW - 50 * HOUR, toMs: NOW + 1 }],
    ["whole hours", { fromMs: NOW - (NOW % HOUR) - 5 * HOUR, toMs: NOW - (NOW % HOUR) }],
    ["a few seconds", { fromMs: NOW - 20_000, toMs: NOW - 1000 }],
    ["a topic", { fromMs: NOW - 24 * HOUR, toMs: NOW, topic: "topic.1" }],
    ["a source", { fromMs: NOW - 24 * HOUR, toMs: NOW, source: "admin" }],
    ["one schedule", { fromMs: NOW - 24 * HOUR, toMs: NOW, scheduleId: "s-3" }],
    ["a topic that no row has", { fromMs: NOW - HOUR, toMs: NOW, topic: "' OR 1=1 --" }],
  ];

  test.each(ranges)("of %s equals a count over the rows", async (_, input) => {
    const inside = (fromMs: number, toMs: number) =>
      rows.filter(
        (row) =>
          row.scheduledFor >= fromMs &&
          row.scheduledFor < toMs &&
          (input.topic === undefined || row.topic === input.topic) &&
          (input.source === undefined || row.source === input.source) &&
          (input.scheduleId === undefined || row.scheduleId === input.scheduleId),
      );
    const current = inside(input.fromMs, input.toMs);
    const previous = inside(2 * input.fromMs - input.toMs, input.fromMs);
    const summary = await store.analyticsSummary({ ...input, nowMs: NOW });
    expect(summary.totals).toEqual({ ...outcomes(current), total: current.length, retried: retried(current) });
    expect(summary.previous).toEqual({ ...outcomes(previous), total: previous.length, retried: retried(previous) });
    expect(summary.successRate).toBe(successRate(current));
    expect(summary.previousSuccessRate).toBe(successRate(previous));
    expectPercentiles(summary.latenessMs, lateness(current));
    expectPercentiles(summary.publishMs, publish(current));
    for (const one of summary.byTopic) {
      const list = current.filter((row) => row.topic === one.topic);
      const { succeeded, dead, expired } = outcomes(list);
      expect(one).toMatchObject({ total: list.length, succeeded, dead, expired, successRate: successRate(list) });
      expectPercentile(one.latenessP95, lateness(list), 0.95);
    }
    expect(summary.bySource.reduce((sum, one) => sum + one.total, 0)).toBe(current.length);
    for (const one of summary.byTier) {
      const list = current.filter((row) => row.tier === one.tier);
      expect(one.total).toBe(list.length);
      const queued = list.filter((row) => row.outcome === "succeeded").map((row) => row.endedAt - row.enteredRedisAt);
      expectPercentile(one.queueP50Ms, queued, 0.5);
      expectPercentile(one.queueP95Ms, queued, 0.95);
    }
    expect(summary.topReasons).toEqual(input.scheduleId === undefined ? reasonsOf(current) : null);
    const known = new Set(dead(previous).map((row) => row.errorClass));
    for (const one of summary.topErrors) expect(one.isNew).toBe(!known.has(one.errorClass as "publish"));
    expect(summary.topErrors.reduce((sum, one) => sum + one.count, 0)).toBe(outcomes(current).dead);
    for (const one of summary.topFailures) {
      const list = current.filter((row) => row.scheduleId === one.scheduleId);
      const failed = list.filter((row) => row.outcome === "dead" || row.outcome === "expired").length;
      const { entityType, action } = list.toSorted((a, b) => b.scheduledFor - a.scheduledFor)[0] ?? {};
      expect(one).toMatchObject({ entityType, action, failed, total: list.length });
    }
    const { from, to, totals, previous: before, successRate: rate, previousSuccessRate } = summary;
    const alone = await store.analyticsTotals({ ...input, nowMs: NOW });
    expect(alone).toMatchObject({ from, to, totals, previous: before, successRate: rate, previousSuccessRate });
    expectPercentiles(alone.latenessMs, lateness(current));
    expectPercentiles(alone.publishMs, publish(current));
    expect(await store.topFailures({ ...input, nowMs: NOW })).toEqual(summary.topFailures);
  });

  test("groups errors that differ only in numbers and ids, with the time of the latest error", async () => {
    const { topErrors } = await store.analyticsSummary({ fromMs: NOW - 50 * HOUR, toMs: NOW + 1, nowMs: NOW });
    const dead = rows.filter((row) => row.outcome === "dead");
    const last = Math.max(...dead.map((row) => row.endedAt));
    expect(topErrors).toHaveLength(1);
    expect(topErrors[0]).toMatchObject({ errorClass: "broker_connection", count: dead.length });
    expect(topErrors[0]?.lastAt).toBe(new Date(last).toISOString());
  });

  test("of a range without executions has null as success rate and percentiles", async () => {
    const summary = await store.analyticsSummary({ fromMs: NOW + HOUR, toMs: NOW + 2 * HOUR, nowMs: NOW });
    expect(summary).toMatchObject({
      successRate: null,
      latenessMs: { p50: null, p95: null, p99: null },
      byTopic: [],
      topErrors: [],
      topFailures: [],
    });
    expect(summary.totals.total).toBe(0);
  });
});

/** The edges of a range's buckets of equal width. */
function edgesOf({ fromMs, toMs, bucketSeconds }: { fromMs: number; toMs: number; bucketSeconds: number }): number[] {
  const stepMs = bucketSeconds * 1000;
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const edges = Array.from({ length: Math.ceil((toMs - first) / stepMs) }, (_, i) => first + i * stepMs);
  return [...edges, Math.max(toMs, (edges.at(-1) ?? first) + stepMs)];
}

describe("the series", () => {
  test.each([
    ["minutes of an hour", { fromMs: NOW - HOUR, toMs: NOW, bucketSeconds: 60 }],
    ["five minutes of a day", { fromMs: NOW - 24 * HOUR, toMs: NOW, bucketSeconds: 300 }],
    ["hours of two days", { fromMs: NOW - 48 * HOUR, toMs: NOW + 1, bucketSeconds: 3600 }],
    ["ten seconds of ten minutes", { fromMs: NOW - 10 * MINUTE, toMs: NOW, bucketSeconds: 10 }],
    ["quarter hours of one schedule", { fromMs: NOW - 24 * HOUR, toMs: NOW, bucketSeconds: 900, scheduleId: "s-2" }],
  ])("by %s equals a count over the rows", async (_, input) => {
    const edgesMs = edgesOf(input);
    const { buckets, publishHeat, publishEdgesMs, unfinishedFrom } = await store.analyticsPerformance({
      edgesMs,
      ...("scheduleId" in input ? { scheduleId: input.scheduleId } : {}),
      nowMs: NOW,
    });
    const size = input.bucketSeconds * 1000;
    const scheduleId = "scheduleId" in input ? input.scheduleId : undefined;
    const byBucket = new Map<string, Execution[]>();
    for (const row of rows) {
      if (row.scheduledFor < (edgesMs[0] ?? 0) || row.scheduledFor >= (edgesMs.at(-1) ?? 0)) continue;
      if (scheduleId !== undefined && row.scheduleId !== scheduleId) continue;
      const at = new Date(Math.floor(row.scheduledFor / size) * size).toISOString();
      byBucket.set(at, [...(byBucket.get(at) ?? []), row]);
    }
    expect(buckets.map((bucket) => bucket.at)).toEqual([...byBucket.keys()].sort());
    for (const bucket of buckets) {
      const list = byBucket.get(bucket.at) ?? [];
      expect(bucket.counts).toEqual(outcomes(list));
      expect(bucket.retried).toBe(retried(list));
      expect(bucket.successRate).toBe(successRate(list));
      expectPercentiles(bucket.latenessMs, lateness(list));
      expectPercentiles(bucket.publishMs, publish(list));
    }
    expect(publishEdgesMs).toEqual(PUBLISH_EDGES_MS);
    for (const { at, counts } of publishHeat) {
      const values = publish(byBucket.get(at) ?? []);
      const expected = [...PUBLISH_EDGES_MS, Number.POSITIVE_INFINITY].map(
        (edge, i) => values.filter((ms) => ms <= edge && ms > (PUBLISH_EDGES_MS[i - 1] ?? -1)).length,
      );
      expect(counts).toEqual(expected);
    }
    expect(unfinishedFrom).toBe(new Date(Math.floor(NOW / size) * size).toISOString());
  });

  test("between uneven edges, such as local days around a clock change, equals a count over the rows", async () => {
    const first = Math.floor(NOW / HOUR) * HOUR - 37 * HOUR;
    const edgesMs = [first, first + 23 * HOUR, first + 36.5 * HOUR, first + 39 * HOUR];
    const { buckets, edges } = await store.analyticsPerformance({ edgesMs, nowMs: NOW });
    expect(edges.map((edge) => Date.parse(edge))).toEqual(edgesMs);
    const counted = edgesMs.slice(0, -1).flatMap((start, i) => {
      const found = rows.filter((row) => row.scheduledFor >= start && row.scheduledFor < (edgesMs[i + 1] ?? 0));
      return found.length === 0 ? [] : [{ at: new Date(start).toISOString(), counts: outcomes(found) }];
    });
    expect(buckets.map(({ at, counts }) => ({ at, counts }))).toEqual(counted);
  });

  test("of executions by hour equals a count over the rows", async () => {
    const range = { fromMs: NOW - 30 * HOUR, toMs: NOW };
    const hours = await store.executionsByHour({ ...range, topic: "topic.1", nowMs: NOW });
    const expected = new Map<number, number>();
    for (const { scheduledFor, topic } of rows) {
      if (topic !== "topic.1" || scheduledFor < range.fromMs || scheduledFor >= range.toMs) continue;
      const atMs = Math.floor(scheduledFor / HOUR) * HOUR;
      expected.set(atMs, (expected.get(atMs) ?? 0) + 1);
    }
    expect(new Map(hours.map(({ atMs, count }) => [atMs, count]))).toEqual(expected);
  });
});

describe("the pieces of a range", () => {
  test("cover the range without gap or overlap, with coarse pieces in the middle", () => {
    // A fixed time, because the pieces depend on the time of day.
    const noon = Date.UTC(2026, 5, 15, 12, 23, 12, 345);
    const range = { fromMs: noon - 30 * HOUR, toMs: noon, nowMs: noon, ledgerOnly: false };
    const cut = pieces({ ...range, bucketMs: HOUR });
    expect(cut.map((piece) => piece.from)).toEqual(["ledger", "minutes", "hours", "minutes", "ledger"]);
    for (const [i, piece] of cut.entries()) expect(piece.fromMs).toBe(cut[i - 1]?.toMs ?? range.fromMs);
    expect(cut.at(-1)?.toMs).toBe(range.toMs);
    const old = pieces({ ...range, nowMs: noon + 300 * 24 * HOUR, bucketMs: HOUR });
    expect(old.map((piece) => piece.from)).toEqual(["ledger", "hours", "ledger"]);
    expect(pieces({ ...range, bucketMs: 300_000 }).map((piece) => piece.from)).toEqual(["ledger", "minutes", "ledger"]);
    const long = pieces({ ...range, fromMs: noon - 30 * 24 * HOUR, bucketMs: 24 * HOUR });
    expect(long.map((piece) => piece.from)).toEqual(["ledger", "hours", "days", "hours", "minutes", "ledger"]);
    for (const [i, piece] of long.entries()) if (i > 0) expect(piece.fromMs).toBe(long[i - 1]?.toMs);
  });
});

describe("the roll-ups", () => {
  const Sum = z.object({ n: z.int() });
  const sum = async (from: ClickHouse, sql: string) => (await from.select(Sum, { sql }))[0]?.n;

  test("count a batch once, even if it was sent twice", async () => {
    for (const table of ["days", "metrics", "minutes", "totals", "minute_totals"].map(
      (name) => `schedule_performance_${name}`,
    )) {
      expect(await sum(client, `SELECT sum(executions) AS n FROM ${table}`)).toBe(rows.length);
    }
    expect(await sum(client, "SELECT count() AS n FROM schedule_execution_results")).toBe(rows.length);
    const failed = rows.filter((row) => row.outcome === "dead" || row.outcome === "expired").length;
    expect(await sum(client, "SELECT sum(failed) AS n FROM schedule_failure_metrics")).toBe(failed);
  });

  test("give the same numbers after ClickHouse has merged their parts", async () => {
    const input = { fromMs: NOW - 50 * HOUR, toMs: NOW + 1 };
    const before = await store.analyticsSummary({ ...input, nowMs: NOW });
    for (const table of ["metrics", "minutes", "days", "totals", "minute_totals"]) {
      await client.command({ sql: `OPTIMIZE TABLE schedule_performance_${table} FINAL` });
    }
    const after = await store.analyticsSummary({ ...input, nowMs: NOW });
    expect(after.totals).toEqual(before.totals);
    expectPercentiles(after.latenessMs, lateness(rows));
  });

  test("get no rows while analytics is off, but the ledger does", async () => {
    let isAnalyticsOn = false;
    const own = await clickhouse.openStore({ rollups: () => isAnalyticsOn });
    const batch = (token: string, from: number) => ({ token, schedules: [], executions: rows.slice(from, from + 10) });
    await own.store.insertBatch(batch("1", 0));
    isAnalyticsOn = true;
    await own.store.insertBatch(batch("2", 10));
    expect(await sum(own.client, "SELECT sum(executions) AS n FROM schedule_performance_metrics")).toBe(10);
    expect((await own.store.listExecutions({ limit: 100 })).total).toBe(20);
    const summary = await own.store.analyticsSummary({ fromMs: NOW - 50 * HOUR, toMs: NOW + 1, nowMs: NOW });
    expect(summary.totals.total).toBe(10);
  });

  test("store aggregate states, because sums of percentiles in a SummingMergeTree are wrong", async () => {
    const Column = z.object({ name: z.string(), type: z.string() });
    const columns = await client.select(Column, {
      sql: `SELECT name, type FROM system.columns WHERE database = currentDatabase()
        AND table = 'schedule_performance_metrics' AND NOT is_in_sorting_key`,
    });
    for (const { type } of columns) expect(type).toMatch(/^(Simple)?AggregateFunction\(/);
    // Two batches with very different lateness: a sum or an average of their p95 is far from the p95 of all rows.
    const own = await clickhouse.openStore();
    const runsWith = (latenessMs: number, n: number) =>
      Array.from({ length: n }, (_, i) =>
        anExecution({ scheduledFor: NOW - HOUR, key: `x@${latenessMs}:replay:${i}`, latenessMs }),
      );
    await own.store.insertBatch({ token: "1", schedules: [], executions: runsWith(10, 980) });
    await own.store.insertBatch({ token: "2", schedules: [], executions: runsWith(100_000, 20) });
    const { latenessMs } = await own.store.analyticsSummary({ fromMs: NOW - 2 * HOUR, toMs: NOW, nowMs: NOW });
    expect(latenessMs.p95).toBeCloseTo(10, 0);
    expect(latenessMs.p99).toBeGreaterThan(97_000);
  });
});
