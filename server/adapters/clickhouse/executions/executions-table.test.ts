import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Execution, StoredExecution } from "~/server/domain/execution";
import { eventId, manualKey, replayKey } from "~/server/domain/ids";
import type { ExecutionFacet } from "~/server/domain/views";
import type { ExecutionQuery } from "~/server/ports/store/executions";
import type { Store } from "~/server/ports/store/store";
import { matchesExecution } from "~/server/services/executions/match";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { anExecution } from "~/server/testing/executions";
import { aSchedule } from "~/server/testing/schedules";

const NOW = 1_800_000_000_000;
const SCHEDULES = Array.from({ length: 5 }, (_, i) => aSchedule({ name: `Schedule ${i}` }));
const OUTCOMES = ["succeeded", "dead", "expired", "skipped", "cancelled"] as const;

/** 400 rows of 240 executions over ten minutes. Many share their nominal time, and some end in another month. */
function ledger(): Execution[] {
  return Array.from({ length: 400 }, (_, i) => {
    const schedule = SCHEDULES[i % 5] as (typeof SCHEDULES)[number];
    const scheduledFor = NOW - (i % 40) * 15_000;
    const outcome = i % 3 === 0 ? "succeeded" : (OUTCOMES[i % 5] as (typeof OUTCOMES)[number]);
    return anExecution({
      key: `${schedule.scheduleId}@${scheduledFor}${i < 200 ? "" : `:replay:${i}`}`,
      scheduleId: schedule.scheduleId,
      scheduleName: i % 4 ? schedule.name : null,
      scheduledFor,
      endedAt: i % 100 === 0 ? scheduledFor + 40 * 86_400_000 : scheduledFor + 30,
      trigger: i < 200 ? "schedule" : "replay",
      outcome,
      topic: `topic.${i % 3}`,
      source: i % 2 ? "admin" : "code",
      late: outcome === "succeeded" && i % 6 === 0,
      latenessMs: (i * 37) % 90,
      firedAt: outcome === "succeeded" ? scheduledFor + ((i * 37) % 90) : null,
      error: outcome === "dead" ? `Broker 'b${i}' said 100% no` : null,
      errorClass: outcome === "dead" ? (i % 2 ? "broker_connection" : "publish") : null,
      entityId: `entity-${i}`,
      correlationId: `corr-${i}`,
    });
  });
}

let clickhouse: TestClickHouse;
let store: Store;
const rows = [...new Map(ledger().map((row) => [row.executionId, row])).values()];

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  ({ store } = await clickhouse.openStore());
  await store.insertBatch({ token: "1", schedules: [], executions: rows.slice(0, 150) });
  await store.insertBatch({ token: "2", schedules: [], executions: rows.slice(150) });
  // The same rows in another batch, as after Redis has lost the position in the outbox.
  await store.insertBatch({ token: "3", schedules: [], executions: rows.slice(100, 160) });
});
afterAll(() => clickhouse.stop());

const newestFirst = (a: Execution, b: Execution) =>
  b.scheduledFor - a.scheduledFor || (a.executionId < b.executionId ? 1 : -1);

describe("an execution", () => {
  test("is read by its id as it was written", async () => {
    const full = anExecution({
      scheduleName: "Zoë's\n'job'",
      outcome: "dead",
      reason: "retries_used_up",
      firedAt: null,
      publishMs: null,
      attempts: [1, 2].map((n) => ({
        n,
        at: NOW + n,
        durationMs: 1.25,
        workerId: "w",
        errorClass: "publish",
        error: "a\tb\\n'",
      })),
      error: "a\tb\\n'",
      errorClass: "publish",
      partition: 3,
      offset: "9007199254740993",
      actor: "ann@example.com",
      headers: { a: "'\\" },
      payload: '{"x":"\\u0000é"}',
    });
    const { store: own } = await clickhouse.openStore();
    await own.insertBatch({ token: "1", schedules: [], executions: [full] });
    expect(await own.getExecution(full.executionId)).toEqual(full);
    expect(await own.getExecution("' OR 1=1 --")).toBeNull();
  });

  test("is read with codes that this version does not know", async () => {
    const { store: own } = await clickhouse.openStore();
    const codes = { reason: "max_retries", errorClass: "topic_error" };
    const older = { ...anExecution({ outcome: "dead" }), ...codes } as StoredExecution as Execution;
    await own.insertBatch({ token: "1", schedules: [], executions: [older] });
    expect(await own.getExecution(older.executionId)).toMatchObject(codes);
    expect((await own.listExecutions({ limit: 1, errorClass: "topic_error" })).items).toMatchObject([codes]);
  });

  test("that was settled twice has its later row, in the list and by id", async () => {
    const { store: own } = await clickhouse.openStore();
    const dead = anExecution({ outcome: "dead", endedAt: NOW + 10 });
    const succeeded = { ...dead, outcome: "succeeded" as const, endedAt: NOW + 20 };
    await own.insertBatch({ token: "1", schedules: [], executions: [succeeded] });
    await own.insertBatch({ token: "2", schedules: [], executions: [dead] });
    expect((await own.getExecution(dead.executionId))?.outcome).toBe("succeeded");
    expect((await own.listExecutions({ limit: 10 })).items.map((row) => row.outcome)).toEqual(["succeeded"]);
    expect((await own.listExecutions({ status: ["dead"], limit: 10 })).items).toEqual([]);
  });
});

/** A range with all rows. It begins at a whole hour. */
const HOURS = { fromMs: Math.floor(NOW / 3_600_000 - 3) * 3_600_000, toMs: NOW + 1 };

describe("the ledger's list", () => {
  const one = SCHEDULES[2]?.scheduleId as string;
  const filters: [string, Partial<ExecutionQuery>][] = [
    ["nothing", {}],
    ["a schedule", { scheduleId: one }],
    ["a schedule and a text", { scheduleId: one, q: "said 100%" }],
    ["a schedule, a status and a range", { scheduleId: one, status: ["dead"], fromMs: NOW - 300_000, toMs: NOW }],
    ["a range", { fromMs: NOW - 60_000, toMs: NOW }],
    ["a status", { status: ["dead"] }],
    ["any of two statuses", { status: ["expired", "skipped"] }],
    ["late", { late: true }],
    ["a topic", { topic: ["topic.1"] }],
    ["a status and a topic", { status: ["succeeded"], topic: ["topic.2"] }],
    ["a trigger", { trigger: ["replay"] }],
    ["a source", { source: ["code"] }],
    ["an error class", { errorClass: "broker_connection" }],
    ["an error shape", { errorShape: "Broker 'b#' said #% no" }],
    ["a reason", { reason: "paused" }],
    ["a schedule and a reason", { scheduleId: one, reason: "retries_used_up" }],
    ["executions that were retried", { retried: true }],
    ["executions that were not retried", { retried: false, status: ["succeeded"] }],
    ["hours of UTC", { ...HOURS, hoursMs: [HOURS.fromMs, HOURS.fromMs + 2 * 3_600_000] }],
    ["hours of UTC of a schedule", { ...HOURS, scheduleId: one, hoursMs: [HOURS.fromMs + 2 * 3_600_000] }],
    ["no hour, which matches nothing", { ...HOURS, hoursMs: [] }],
    ["a text in the name", { q: "SCHEDULE 3" }],
    ["a text in the error", { q: "'b1' said" }],
    ["a percent sign, which is no wildcard", { q: "%" }],
    ["a text that no row has", { q: "'; DROP TABLE x; --" }],
    ["all at once", { status: ["dead"], topic: ["topic.1"], source: ["admin"], trigger: ["replay"], q: "broker" }],
    ["a decision, which no row has", { decided: true }],
    ["no decision yet", { decided: false, status: ["dead"] }],
    ["an empty text, which filters nothing", { q: "" }],
    ["empty lists, which filter nothing", { status: [], topic: [], trigger: [], source: [] }],
  ];

  test.each(filters)("filtered by %s returns each matching row once, newest first", async (_, filter) => {
    const expected = rows.filter((row) => matchesExecution(row, filter)).sort(newestFirst);
    const seen: StoredExecution[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listExecutions({ ...filter, limit: 61, cursor });
      expect(page).toMatchObject({ total: expected.length, totalIsExact: true });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && seen.length <= rows.length);
    expect(seen).toEqual(expected);
  });

  test.each([
    ["all rows", {}],
    ["the late executions of a topic", { topic: ["topic.0"], late: true }],
  ] as [string, Partial<ExecutionQuery>][])("sorted by lateness returns %s once over all pages", async (_, filter) => {
    const value = (row: StoredExecution) => (row.firedAt === null ? -1 : row.latenessMs);
    const latestFirst = (a: Execution, b: Execution) => value(b) - value(a) || (a.executionId < b.executionId ? 1 : -1);
    const expected = rows.filter((row) => matchesExecution(row, filter)).sort(latestFirst);
    const seen: StoredExecution[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listExecutions({ ...filter, sort: "lateness", limit: 61, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && seen.length <= rows.length);
    expect(seen).toEqual(expected);
  });

  test("returns the rows that the same random filters select in TypeScript", async () => {
    const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const list = <T>(...values: T[]) => fc.option(fc.subarray(values), { nil: undefined });
    const atMs = fc.option(fc.integer({ min: NOW - 700_000, max: NOW + 10_000 }), { nil: undefined });
    const query = fc.record({
      ...{ scheduleId: some(one, "nobody"), fromMs: atMs, toMs: atMs, status: list(...OUTCOMES) },
      ...{ late: some(true, false), topic: list("topic.0", "topic.1", "none"), source: list("admin", "code") },
      ...{ trigger: list("schedule", "replay", "manual"), errorClass: some("publish", "none") },
      ...{ reason: some("paused", "retries_used_up", "none"), retried: some(true, false) },
      errorShape: some("Broker 'b#' said #% no", "none"),
      ...{ decided: some(true, false), q: some("", "said", "ENTITY-1", "corr-3", "'b1'", "%", "_", "\\", "é") },
    }) as fc.Arbitrary<Partial<ExecutionQuery>>;
    await fc.assert(
      fc.asyncProperty(query, async (filter) => {
        const { items } = await store.listExecutions({ ...filter, limit: 1000 });
        expect(items).toEqual(rows.filter((row) => matchesExecution(row, filter)).sort(newestFirst));
      }),
      { numRuns: 100 },
    );
  });

  test("has facets that count under the other filters, but not under their own", async () => {
    const { store: own } = await clickhouse.openStore();
    const executions = rows.slice(0, 150);
    await own.insertBatch({ token: "1", schedules: [], executions });
    const query = { topic: ["topic.1"], status: ["dead" as const] };
    const expected = (rest: object, value: (row: Execution) => (string | null)[]) => {
      const counts = new Map<string, number>();
      for (const row of executions.filter((one) => matchesExecution(one, rest))) {
        for (const one of value(row)) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
      }
      return Object.fromEntries(counts);
    };
    const facet = async (name: ExecutionFacet) =>
      Object.fromEntries((await own.executionFacet(name, query)).map(({ value, count }) => [value, count]));
    expect(await facet("topic")).toEqual(expected({ status: ["dead"] }, (row) => [row.topic]));
    const states = (row: Execution) => (row.late ? ["succeeded", "late"] : [row.outcome]);
    expect(await facet("status")).toEqual(expected({ topic: ["topic.1"] }, states));
    expect(await facet("errorClass")).toEqual(expected(query, (row) => [row.errorClass]));
    expect(await facet("schedule")).toEqual(expected(query, (row) => [row.scheduleId]));
  });

  test("has a facet of schedules with their name, or with their event if they have none", async () => {
    const { store: own } = await clickhouse.openStore();
    const executions = [
      anExecution({ scheduleId: "named", scheduleName: "Invoices", key: "named@1" }),
      anExecution({ scheduleId: "unnamed", entityType: "cart", action: "remind", key: "unnamed@1" }),
    ];
    await own.insertBatch({ token: "1", schedules: [], executions });
    const found = await own.executionFacet("schedule", {});
    expect(Object.fromEntries(found.map(({ value, label }) => [value, label]))).toEqual({
      named: "Invoices",
      unnamed: "cart.remind",
    });
  });

  test("has a facet of schedules that finds frequent schedules among many", async () => {
    const { store: own } = await clickhouse.openStore();
    const rare = Array.from({ length: 24_000 }, (_, i) => ({ scheduleId: `rare-${i}`, key: `rare-${i}@1` }));
    const frequent = ["a", "b", "c"].flatMap((id, rank) =>
      Array.from({ length: 40 - rank }, (_, i) => ({ scheduleId: id, key: `${id}@1:replay:${i}` })),
    );
    // The frequent schedules come last, after more schedules than are counted at once.
    for (const [i, list] of [rare.slice(0, 12_000), rare.slice(12_000), frequent].entries()) {
      await own.insertBatch({ token: `${i}`, schedules: [], executions: list.map((row) => anExecution(row)) });
    }
    const found = await own.executionFacet("schedule", {});
    expect(found.slice(0, 3).map(({ value, count }) => [value, count])).toEqual([
      ["a", 40],
      ["b", 39],
      ["c", 38],
    ]);
  });

  test("refuses an invalid cursor", async () => {
    await expect(store.listExecutions({ limit: 5, cursor: "abc" })).rejects.toMatchObject({ code: "cursor_invalid" });
  });

  test.each([["all", {}] as const, ["one schedule", { scheduleId: SCHEDULES[1]?.scheduleId }] as const])(
    "filtered by %s has a histogram that adds up to its total",
    async (_, filter) => {
      const bars = await store.executionHistogram(filter, 60);
      const expected = rows.filter((row) => matchesExecution(row, filter));
      for (const bar of bars) {
        const inside = expected.filter(
          (row) => Math.floor(row.scheduledFor / 60_000) * 60_000 === bar.at && row.outcome === bar.outcome,
        );
        expect(bar).toMatchObject({ count: inside.length, late: inside.filter((row) => row.late).length });
      }
      expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(expected.length);
    },
  );
});

describe("queries of the ledger", () => {
  test("return the settled keys of planned, replayed and manual occurrences, and no others", async () => {
    const { store: own } = await clickhouse.openStore();
    const id = aSchedule().scheduleId;
    const manual = manualKey(id, "1");
    const keys = [`${id}@${NOW}`, replayKey(`${id}@${NOW}`, 2), manual, replayKey(manual, 1)];
    const executions = keys.map((key) => anExecution({ key, executionId: eventId(key), scheduleId: id }));
    await own.insertBatch({ token: "1", schedules: [], executions });
    const others = [`${id}@${NOW + 1}`, replayKey(`${id}@${NOW}`, 3), manualKey(id, "2"), `x@${NOW}`, "", "'@1"];
    expect(await own.settledKeys([...keys, ...others])).toEqual(new Set(keys));
    expect(await own.settledKeys([])).toEqual(new Set());
  });

  test("accept thousands of keys in one call", async () => {
    const known = rows.map((row) => row.key);
    const unknown = Array.from({ length: 6000 }, (_, i) => `${SCHEDULES[0]?.scheduleId}@${NOW + 1 + i}`);
    expect(await store.settledKeys([...unknown, ...known])).toEqual(new Set(known));
  });

  test("return the newest outcomes of each schedule of a page, oldest first", async () => {
    const idle = aSchedule();
    await store.insertBatch({ token: "catalogue", schedules: [...SCHEDULES, idle], executions: [] });
    const query = { sort: "name", descending: false, limit: 10 } as const;
    const { recent } = await store.listSchedules(query, 12);
    for (const id of SCHEDULES.map((s) => s.scheduleId)) {
      const expected = rows
        .filter((row) => row.scheduleId === id)
        .sort(newestFirst)
        .slice(0, 12)
        .reverse()
        .map(({ executionId, outcome, late, scheduledFor }) => ({ executionId, outcome, late, scheduledFor }));
      expect(recent.get(id)).toEqual(expected);
    }
    expect(recent.get(idle.scheduleId)).toEqual([]);
    expect((await store.listSchedules(query)).recent.size).toBe(0);
  });

  test("count by outcome the executions that ended since a time", async () => {
    const fromMs = NOW - 240_000;
    const counts = await store.ledgerCounts({ fromMs });
    for (const outcome of OUTCOMES) {
      expect(counts[outcome]).toBe(rows.filter((row) => row.endedAt >= fromMs && row.outcome === outcome).length);
    }
  });
});
