import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Execution } from "~/server/domain/execution";
import { EXECUTION_FACETS, type ExecutionFacet } from "~/server/domain/views";
import type { ExecutionQuery } from "~/server/ports/store/executions";
import type { Store } from "~/server/ports/store/store";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import type { ClickHouse } from "../connection/client";
import { rollupCounts } from "./facet-rollups";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Math.floor(Date.now() / HOUR) * HOUR + 23 * MINUTE + 12_345;
const SCOPE = { nowMs: NOW, keptFromMs: NOW - 80 * DAY };

/** A seeded generator, so that a failure can be reproduced. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return x / 2 ** 32;
  };
}

function history(): Execution[] {
  const next = random(11);
  return Array.from({ length: 4000 }, (_, i) => {
    const roll = next();
    const outcome = roll < 0.7 ? "succeeded" : roll < 0.85 ? "dead" : roll < 0.95 ? "expired" : "skipped";
    // Some cancelled runs are due in the future, even after days.
    const scheduledFor = i % 50 === 0 ? NOW + i * HOUR : NOW - Math.floor(next() ** 3 * 30 * DAY);
    return anExecution({
      scheduleId: `s-${i % 9}`,
      key: `s-${i % 9}@${scheduledFor}:replay:${i}`,
      scheduledFor,
      outcome: i % 50 === 0 ? "cancelled" : outcome,
      late: i % 50 !== 0 && outcome === "succeeded" && i % 4 === 0,
      endedAt: Math.min(NOW, scheduledFor) + 5,
      topic: `topic.${i % 3}`,
      source: i % 2 ? "admin" : "kafka_delayed",
      trigger: i % 7 ? "schedule" : "manual",
      errorClass: outcome === "dead" ? (i % 2 ? "publish" : "broker_connection") : null,
      error: outcome === "dead" ? `Broker ${i} is away` : null,
    });
  });
}

let clickhouse: TestClickHouse;
let store: Store;
let client: ClickHouse;

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  let rollupsOn = true;
  ({ store, client } = await clickhouse.openStore({ rollups: () => rollupsOn }));
  const rows = history();
  for (let i = 0; i < 4; i += 1) {
    // A part of the history was recorded while the roll-ups were off.
    rollupsOn = i !== 2;
    await store.insertBatch({ token: `b${i}`, schedules: [], executions: rows.slice(i * 1000, (i + 1) * 1000) });
  }
});
afterAll(() => clickhouse.stop());

const RANGES: [string, { fromMs: number; toMs?: number }][] = [
  ["the last 24 hours, without an end", { fromMs: NOW - DAY }],
  ["30 days, without an end", { fromMs: Math.floor((NOW - 30 * DAY) / MINUTE) * MINUTE }],
  ["the last hour to the ms", { fromMs: NOW - HOUR + 17, toMs: NOW }],
  ["whole days", { fromMs: Math.floor(NOW / DAY - 9) * DAY, toMs: Math.floor(NOW / DAY) * DAY }],
  ["minutes of another month", { fromMs: NOW - 20 * DAY + 3, toMs: NOW - 10 * DAY - 7 }],
  ["a range that ends in the future", { fromMs: NOW - DAY, toMs: NOW + 90 * DAY }],
];
const FILTERS: [string, Partial<ExecutionQuery>][] = [
  ["no filter", {}],
  ["topics", { topic: ["topic.1", "topic.2"] }],
  ["a source and outcomes", { source: ["admin"], status: ["dead", "succeeded"] }],
  ["late executions", { late: true }],
  ["late executions of a topic", { late: true, topic: ["topic.0"] }],
  ["empty lists", { topic: [], source: [], status: [], q: "" }],
];
const isRollup = (facet: ExecutionFacet, query: Partial<ExecutionQuery>) =>
  facet === "errorClass" ? query.late === undefined && !query.status?.length : facet !== "schedule";

describe("the counts of a facet from the roll-ups equal the counts from the ledger", () => {
  // Each range with no filter and with a filter of two fields, and each filter with one range.
  const cases = RANGES.flatMap(([range, times], i) =>
    FILTERS.filter((_, at) => at === 0 || at === 2 || i === 1).map(
      ([name, filter]) => [range, name, times, filter] as const,
    ),
  );

  test.each(cases)("%s, %s", async (_, __, times, filter) => {
    const query = { ...times, ...filter };
    let compared = 0;
    for (const facet of EXECUTION_FACETS) {
      const exact = await store.executionFacet(facet, query);
      expect(await store.executionFacet(facet, query, SCOPE), facet).toEqual(exact);
      if (isRollup(facet, query)) compared += exact.length;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

test.each<[string, ExecutionFacet, Partial<ExecutionQuery>]>([
  ["a trigger", "topic", { trigger: ["manual"] }],
  ["a schedule", "topic", { scheduleId: "s-1" }],
  ["an error class", "status", { errorClass: "publish" }],
  ["a text", "source", { q: "x" }],
  ["executions that were not retried", "source", { retried: false }],
  ["open dead letters", "topic", { decided: false }],
  ["a correlation", "topic", { correlationId: "reminder-123" }],
  ["an outcome, for error classes", "errorClass", { status: ["dead"] }],
  ["no filter, for schedules", "schedule", {}],
  ["a schedule, for triggers", "trigger", { scheduleId: "s-1" }],
  ["a range that is older than the retention", "topic", { fromMs: NOW - 81 * DAY }],
  ["no range", "topic", { fromMs: undefined }],
])("with %s, a facet is counted from the ledger", (_, facet, filter) => {
  expect(rollupCounts(facet, { fromMs: NOW - DAY, ...filter }, SCOPE)).toBeNull();
});

test("the counts of triggers come from their roll-up, even under filters", async () => {
  const query = { fromMs: NOW - 5 * DAY, toMs: NOW, late: true, topic: ["topic.1"] };
  const before = await store.executionFacet("trigger", query, SCOPE);
  expect(before.length).toBeGreaterThan(0);
  const bucketSeconds = Math.floor((NOW - 3 * DAY) / HOUR) * (HOUR / 1000);
  await client.command({
    sql: `INSERT INTO schedule_trigger_metrics (bucket, topic, trigger, outcome, executions, late)
      SELECT toDateTime(${bucketSeconds}, 'UTC'), 'topic.1', 'only.in.rollups', 'succeeded', 9000, 5000`,
  });
  const counts = await store.executionFacet("trigger", query, SCOPE);
  expect(counts).toEqual([{ value: "only.in.rollups", label: null, count: 5000 }, ...before]);
});

test("the counts come from the roll-ups, not from the ledger", async () => {
  const query = { fromMs: NOW - 5 * DAY, toMs: NOW };
  const before = await store.executionFacet("topic", query, SCOPE);
  const bucketSeconds = Math.floor((NOW - 3 * DAY) / DAY) * (DAY / 1000);
  await client.command({
    sql: `INSERT INTO schedule_performance_days (bucket, topic, outcome, executions)
      SELECT toDateTime(${bucketSeconds}, 'UTC'), 'only.in.rollups', 'succeeded', 5000`,
  });
  const counts = await store.executionFacet("topic", query, SCOPE);
  expect(counts).toEqual([{ value: "only.in.rollups", label: null, count: 5000 }, ...before]);
  expect(await store.executionFacet("topic", query)).toEqual(before);
});
