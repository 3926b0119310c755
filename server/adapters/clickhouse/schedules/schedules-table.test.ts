import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Schedule } from "~/server/domain/schedule";
import type { ScheduleSort } from "~/server/ports/store/schedules";
import type { Store } from "~/server/ports/store/store";
import { compareBy, matchesQuery } from "~/server/services/schedules/match";
import { startTestClickHouse, type TestClickHouse } from "~/server/testing/clickhouse-store";
import { aSchedule } from "~/server/testing/schedules";
import type { ScheduleFilter } from "./schedule-filter";

const NOW = 1_800_000_000_000;
const SORTS: ScheduleSort[] = ["name", "next_execution", "last_execution", "created_at", "updated_at", "error_count"];

/** 240 schedules of every kind, with many equal sort values. A third has an older revision with other values. */
function catalogue(): { newest: Schedule[]; older: Schedule[] } {
  const newest = Array.from({ length: 240 }, (_, i) =>
    aSchedule({
      name: i % 4 === 0 ? null : `${i % 2 ? "Report" : "invoice"} ${i % 12}`,
      description: i % 31 === 0 ? "Ärger mit Übergrößen" : i % 30 === 0 ? "100% of _all_ 'quoted' \\ things" : "",
      tags: i % 3 === 0 ? ["nightly", `team-${i % 5}`] : [],
      topic: `topic.${i % 4}`,
      entityType: i % 2 ? "user" : "order",
      action: `act_${i % 3}`,
      source: (["admin", "api_request", "kafka_delayed"] as const)[i % 3],
      correlationId: `corr-${i}`,
      cronExpression: i % 5 === 0 ? (i % 2 ? "0 * * * *" : "5 4 * * *") : null,
      timezone: i % 3 === 0 ? "Europe/Berlin" : "UTC",
      jitterSeconds: i % 3 === 0 ? 120 : 0,
      enabled: i % 7 !== 0,
      pausedBy: i % 14 === 0 ? "ann" : null,
      createdAt: NOW - (i % 10) * 1000,
      updatedAt: NOW - (i % 6) * 1000,
      state: {
        revision: 2,
        tier: i % 2 ? "redis" : "clickhouse",
        completed: i % 11 === 0,
        nextExecution: i % 11 === 0 ? null : NOW + ((i % 20) - 5) * 60_000,
        lastExecution: i % 3 === 0 ? null : NOW - (i % 8) * 60_000,
        lastStatus: i % 3 === 0 ? null : (["succeeded", "dead", "expired"] as const)[i % 3],
        errorCount: i % 4,
      },
    }),
  );
  const older = newest
    .filter((_, i) => i % 3 === 0)
    .map((s, i) => ({
      ...s,
      name: `stale ${i}`,
      topic: "stale.topic",
      tags: ["stale"],
      enabled: !s.enabled,
      updatedAt: NOW - 999_000,
      state: { ...s.state, revision: 1, nextExecution: NOW + i, errorCount: 99, completed: false },
    }));
  return { newest, older };
}

let clickhouse: TestClickHouse;
let store: Store;
let live: Schedule[];

beforeAll(async () => {
  clickhouse = await startTestClickHouse();
  ({ store } = await clickhouse.openStore());
  const { newest, older } = catalogue();
  const gone = aSchedule({ name: "gone", state: { revision: 1 } });
  // Inserts the newer revision first: a row that arrives late must not replace it.
  await store.insertBatch({ token: "new", schedules: [...newest, gone], executions: [] });
  await store.insertBatch({ token: "old", schedules: older, executions: [] });
  await store.insertBatch({
    token: "gone",
    schedules: [{ ...gone, state: { ...gone.state, revision: 2, deleted: true } }],
    executions: [],
  });
  live = newest;
});
afterAll(() => clickhouse.stop());

async function readAllPages(query: ScheduleFilter & { sort: ScheduleSort; descending: boolean; limit: number }) {
  const seen: Schedule[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await store.listSchedules({ ...query, cursor });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined && pages < 100);
  return seen;
}

describe("a schedule", () => {
  test("is read as it was written", async () => {
    const full = aSchedule({
      name: "Zoë's «report» \\ 'x' \n 日本",
      tags: ["a'b", "c,d"],
      headers: { "x-a": "1", "x-b": "'\\" },
      payload: '{"big":9007199254740993,"text":"é\\u0000"}',
      cronExpression: "*/5 * * * *",
      startAt: NOW + 1,
      endAt: NOW + 2,
      maxRuns: 7,
      pauseNote: "note",
      pausedBy: "ann",
      pausedAt: NOW + 2,
      pausedUntil: NOW + 3,
      executionTime: null,
      state: { revision: 5, lastError: "e", lastStatus: "dead", lastExecution: NOW, executionCount: 3, errorCount: 1 },
    });
    const { store: own } = await clickhouse.openStore();
    await own.insertBatch({ token: "1", schedules: [full], executions: [] });
    expect(await own.getSchedules([full.scheduleId])).toEqual([full]);
  });

  test("is read by id as its newest revision, even if deleted; an unknown id returns no row", async () => {
    const { store: own } = await clickhouse.openStore();
    const one = aSchedule({ name: "one" });
    const deleted = { ...one, state: { ...one.state, revision: 3, deleted: true } };
    await own.insertBatch({ token: "1", schedules: [one], executions: [] });
    expect(await own.findIdByName("one")).toBe(one.scheduleId);
    await own.insertBatch({ token: "2", schedules: [deleted], executions: [] });
    await own.insertBatch({
      token: "3",
      schedules: [{ ...one, state: { ...one.state, revision: 2 } }],
      executions: [],
    });
    expect((await own.getSchedules([one.scheduleId]))[0]?.state).toMatchObject({ revision: 3, deleted: true });
    expect(await own.findIdByName("one")).toBeNull();
    expect((await own.listSchedules({ sort: "name", descending: false, limit: 10 })).total).toBe(0);
    expect(await own.getSchedules(["no-such-id"])).toEqual([]);
    expect(await own.getSchedules([])).toEqual([]);
  });
});

describe("lists", () => {
  const filters: [string, ScheduleFilter][] = [
    ["nothing", {}],
    ["a text in the name, any case", { q: "REPORT 1" }],
    ["a text in a tag", { q: "team-3" }],
    ["a text in the correlation id", { q: "corr-23" }],
    ["a text in the description", { q: "'quoted' \\ things" }],
    ["percent and underscore, which are no wildcards", { q: "% of _all_" }],
    ["a text that no row has", { q: "%%_%%" }],
    ["hex digits, which an id may have", { q: "0e" }],
    ["a text over two tags", { q: "nightly\nteam-3" }],
    ["a text in capitals beyond ASCII", { q: "ÄRGER" }],
    ["enabled", { enabled: true }],
    ["not enabled", { enabled: false }],
    ["a status", { status: ["paused"] }],
    ["any of two statuses", { status: ["active", "completed"] }],
    ["a tag", { tag: ["nightly"] }],
    ["any of two tags", { tag: ["team-1", "team-2"] }],
    ["any of two topics", { topic: ["topic.1", "topic.2"] }],
    ["an entity type", { entityType: "user" }],
    ["an action", { action: "act_1" }],
    ["a source", { source: ["admin"] }],
    ["a tier", { tier: "clickhouse" }],
    ["due before", { dueBefore: NOW }],
    ["due after", { dueAfter: NOW }],
    ["a range of due times", { dueAfter: NOW - 60_000, dueBefore: NOW + 60_000 }],
    ["recurring", { kind: "recurring" }],
    ["one-time", { kind: "one_time" }],
    ["a cron", { cronExpression: "0 * * * *" }],
    ["a time zone", { timezone: "Europe/Berlin" }],
    ["failing", { failing: true }],
    ["overdue", { overdueBefore: NOW - 60_000 }],
    ["empty lists, which filter nothing", { status: [], tag: [], topic: [], source: [], q: "" }],
    ["four at once", { enabled: true, topic: ["topic.1"], entityType: "user", tag: ["nightly"] }],
    [
      "nearly all filters together",
      { q: "corr", enabled: true, status: ["active"], source: ["admin"], tier: "redis", dueAfter: NOW, failing: false },
    ],
    ["a topic that only a stale revision had", { topic: ["stale.topic"] }],
    ["a name that only a stale revision had", { q: "stale" }],
  ];

  test.each(filters)("by %s return exactly the rows that matchesQuery accepts", async (_, filter) => {
    const expected = live.filter((s) => matchesQuery(s, { ...filter, sort: "name", descending: false, limit: 1 }));
    const page = await store.listSchedules({ ...filter, sort: "created_at", descending: true, limit: 1000 });
    expect(page.items.map((s) => s.scheduleId).sort()).toEqual(expected.map((s) => s.scheduleId).sort());
    expect(page).toMatchObject({ total: expected.length, totalIsExact: true, nextCursor: null });
    expect(await store.countSchedules(filter)).toEqual({ total: expected.length, totalIsExact: true });
    const ids = await store.matchingIds(filter, { limit: 1000 });
    expect(ids).toEqual(expected.map((s) => s.scheduleId).sort());
  });

  test("contain a schedule with jitter as overdue only after the last time at which it may be due", async () => {
    const { store: own } = await clickhouse.openStore();
    const [exact, jittered] = [0, 240].map((jitterSeconds) =>
      aSchedule({ jitterSeconds, state: { nextExecution: NOW } }),
    ) as [Schedule, Schedule];
    await own.insertBatch({ token: "1", schedules: [exact, jittered], executions: [] });
    const overdueAt = async (overdueBefore: number) => {
      const page = await own.listSchedules({ overdueBefore, sort: "name", descending: false, limit: 10 });
      return page.items.map(({ jitterSeconds }) => jitterSeconds).sort();
    };
    expect(await overdueAt(NOW)).toEqual([]);
    expect(await overdueAt(NOW + 240_000)).toEqual([0]);
    expect(await overdueAt(NOW + 240_001)).toEqual([0, 240]);
  });

  test.each(SORTS.flatMap((sort) => [true, false].map((descending) => ({ sort, descending }))))(
    "by $sort (descending: $descending) return every row once and in order over all pages",
    async (order) => {
      for (const limit of [23, 100]) {
        const seen = await readAllPages({ ...order, limit });
        const expected = [...live].sort(compareBy(order));
        expect(seen.map((s) => s.scheduleId)).toEqual(expected.map((s) => s.scheduleId));
      }
    },
  );

  test.each([true, false])(
    "of active schedules by next time (descending: %j) end with schedules without a next time",
    async (descending) => {
      const { store: own } = await clickhouse.openStore();
      const rows = Array.from({ length: 30 }, (_, i) =>
        aSchedule({
          enabled: i % 5 !== 0,
          topic: i % 2 ? "odd" : "even",
          state: {
            revision: 2,
            tier: i % 3 ? "redis" : "clickhouse",
            nextExecution: i % 7 === 0 ? null : NOW + (i % 4) * 1000,
          },
        }),
      );
      const older = rows.map((s) => ({
        ...s,
        enabled: true,
        state: { ...s.state, revision: 1, nextExecution: NOW + 1000 },
      }));
      await own.insertBatch({ token: "1", schedules: rows, executions: [] });
      await own.insertBatch({ token: "2", schedules: older, executions: [] });
      const order = { sort: "next_execution", descending } as const;
      const filters: ScheduleFilter[] = [
        {},
        { tier: "redis" },
        { dueAfter: NOW + 1000, dueBefore: NOW + 3000 },
        { topic: ["odd"] },
      ];
      for (const filter of filters) {
        const query = { ...filter, ...order, status: ["active" as const], limit: 4 };
        const seen: string[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await own.listSchedules({ ...query, cursor });
          seen.push(...page.items.map((s) => s.scheduleId));
          cursor = page.nextCursor;
        }
        const expected = rows.filter((s) => matchesQuery(s, query)).sort(compareBy(order));
        expect(seen).toEqual(expected.map((s) => s.scheduleId));
      }
    },
  );

  test("contain no stale rows, even if nearly all stored rows are stale", async () => {
    const { store: own } = await clickhouse.openStore();
    const rows = Array.from({ length: 12 }, () => aSchedule({ cronExpression: "* * * * *" }));
    for (let revision = 1; revision <= 60; revision += 1) {
      const schedules = rows.map((s) => ({
        ...s,
        state: { ...s.state, revision, nextExecution: NOW + revision * 60_000 },
      }));
      await own.insertBatch({ token: `r${revision}`, schedules, executions: [] });
    }
    const page = await own.listSchedules({ sort: "next_execution", descending: false, limit: 5 });
    expect(page.items.map((s) => s.state.nextExecution)).toEqual(Array(5).fill(NOW + 60 * 60_000));
    expect(page.total).toBe(12);
    expect(await own.dueForPromotion({ beforeMs: NOW + 59 * 60_000, limit: 10 })).toEqual([]);
  });

  test("are complete if one query reads all stored rows and the first of them are stale", async () => {
    const { store: own } = await clickhouse.openStore();
    const rows = Array.from({ length: 20 }, () => aSchedule({ cronExpression: "* * * * *" }));
    for (const revision of [1, 2]) {
      const schedules = rows.map((s, i) => ({
        ...s,
        state: { ...s.state, revision, nextExecution: NOW + revision * 3_600_000 + i * 1000 },
      }));
      await own.insertBatch({ token: `r${revision}`, schedules, executions: [] });
    }
    const seen: Schedule[] = [];
    let cursor: string | undefined;
    do {
      const page = await own.listSchedules({ sort: "next_execution", descending: false, limit: 5, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && seen.length < 100);
    expect(seen.map((s) => s.scheduleId)).toEqual(rows.map((s) => s.scheduleId));
  });

  test("refuse a cursor of another sort or type, and a damaged cursor", async () => {
    const { nextCursor } = await store.listSchedules({ sort: "name", descending: false, limit: 5 });
    const bad = [
      { sort: "created_at" as const, cursor: nextCursor as string },
      { sort: "name" as const, cursor: "%%%" },
      { sort: "name" as const, cursor: Buffer.from('{"s":"name:asc","v":1,"id":"x"}').toString("base64url") },
    ];
    for (const query of bad) {
      await expect(store.listSchedules({ ...query, descending: false, limit: 5 })).rejects.toMatchObject({
        code: "cursor_invalid",
      });
    }
    await expect(
      store.listSchedules({ sort: "name", descending: true, limit: 5, cursor: nextCursor as string }),
    ).rejects.toMatchObject({ code: "cursor_invalid" });
  });

  test.each(["'; DROP TABLE event_schedules; --", "') OR 1=1 --", "{q:String}", "\\'", "\0", "`", "\\N"])(
    "treat %j as data in filters, names and ids",
    async (text) => {
      const filters: ScheduleFilter[] = [
        { q: text },
        { topic: [text] },
        { tag: [text] },
        { entityType: text },
        { action: text },
      ];
      for (const filter of filters) {
        const page = await store.listSchedules({ ...filter, sort: "name", descending: false, limit: 5 });
        const expected = live.filter((s) => matchesQuery(s, { ...filter, sort: "name", descending: false, limit: 1 }));
        expect(page.total).toBe(expected.length);
      }
      expect(await store.findIdByName(text)).toBeNull();
      expect((await store.matchingIds({}, { afterId: text, limit: 1000 })).length).toBeLessThanOrEqual(live.length);
      expect((await store.catalogueCounts()).total).toBe(live.length);
    },
  );

  test("return the ids of all matches in pages, in id order", async () => {
    const seen: string[] = [];
    for (;;) {
      const ids = await store.matchingIds({ enabled: true }, { afterId: seen.at(-1), limit: 33 });
      if (ids.length === 0) break;
      seen.push(...ids);
    }
    const expected = live.filter((s) => s.enabled).map((s) => s.scheduleId);
    expect(seen).toEqual(expected.sort());
  });
});

describe("counts", () => {
  test("count only the newest revisions", async () => {
    const active = live.filter((s) => s.enabled && !s.state.completed);
    expect(await store.catalogueCounts()).toEqual({
      total: live.length,
      active: active.length,
      paused: live.filter((s) => !s.enabled && !s.state.completed && s.pausedBy !== null).length,
      disabled: live.filter((s) => !s.enabled && !s.state.completed && s.pausedBy === null).length,
      completed: live.filter((s) => s.state.completed).length,
      redisPending: active.filter((s) => s.state.tier === "redis").length,
      clickhousePending: active.filter((s) => s.state.tier === "clickhouse").length,
    });
    const { topics, tags, sources, entityTypes } = await store.facets();
    expect(topics).toHaveLength(4);
    expect(topics.reduce((sum, one) => sum + one.count, 0)).toBe(live.length);
    // Of the 240 schedules a third is tagged, and each entity type has a half.
    expect(tags[0]).toEqual({ value: "nightly", count: 80 });
    expect(sources.map((one) => one.value).sort()).toEqual(["admin", "api_request", "kafka_delayed"]);
    expect(entityTypes.map((one) => one.count)).toEqual([120, 120]);
  });
});

describe("due schedules", () => {
  test("for promotion are the newest revisions in the long-term tier, soonest first", async () => {
    const { store: own } = await clickhouse.openStore();
    const long = (due: number, over: Partial<Schedule["state"]> = {}) =>
      aSchedule({ executionTime: due, state: { tier: "clickhouse", nextExecution: due, ...over } });
    const pastDue = Array.from({ length: 50 }, (_, i) => long(NOW - 1000 + i));
    const soon = long(NOW + 60_000);
    const far = long(NOW + 86_400_000 * 400);
    const moved = long(NOW + 1);
    const edited = long(NOW + 2);
    const paused = long(NOW + 3);
    const hot = aSchedule({ executionTime: NOW, state: { tier: "redis", nextExecution: NOW } });
    await own.insertBatch({
      token: "1",
      schedules: [...pastDue, soon, far, moved, edited, paused, hot],
      executions: [],
    });
    await own.insertBatch({
      token: "2",
      schedules: [
        { ...moved, state: { ...moved.state, revision: 2, tier: "redis" } },
        { ...edited, state: { ...edited.state, revision: 2, nextExecution: NOW + 86_400_000 * 30 } },
        { ...paused, enabled: false, state: { ...paused.state, revision: 2 } },
      ],
      executions: [],
    });
    const due = await own.dueForPromotion({ beforeMs: NOW + 3_600_000, limit: 1000 });
    expect(due.map((s) => s.scheduleId)).toEqual([...pastDue, soon].map((s) => s.scheduleId));
    expect((await own.dueForPromotion({ beforeMs: NOW + 3_600_000, limit: 3 })).map((s) => s.scheduleId)).toEqual(
      pastDue.slice(0, 3).map((s) => s.scheduleId),
    );
    // The promotion raises its limit by the number of rows that it has already read, to reach the row after them.
    expect((await own.dueForPromotion({ beforeMs: NOW + 3_600_000, limit: 51 })).at(-1)?.scheduleId).toBe(
      soon.scheduleId,
    );
  });

  test("for the rebuild are of both tiers", async () => {
    const expected = live
      .filter((s) => s.enabled && !s.state.completed && (s.state.nextExecution ?? Infinity) < NOW + 60_000)
      .map((s) => s.scheduleId);
    expect(await idsOf(store.dueForRebuild({ beforeMs: NOW + 60_000 }))).toEqual(expected.sort());
  });

  test("for the rebuild are each returned once over several scans", async () => {
    const { store: own } = await clickhouse.openStore();
    // One scan reads 20,000 ids.
    const due = Array.from({ length: 20_500 }, (_, i) =>
      aSchedule({ executionTime: NOW, state: { tier: "redis", nextExecution: NOW + (i % 7) } }),
    );
    const moved = due.slice(0, 1500).map((s) => ({ ...s, state: { ...s.state, revision: 2, completed: true } }));
    await own.insertBatch({ token: "due", schedules: due, executions: [] });
    await own.insertBatch({ token: "moved", schedules: moved, executions: [] });
    const expected = due.slice(1500).map((s) => s.scheduleId);
    expect(await idsOf(own.dueForRebuild({ beforeMs: NOW + 60_000 }))).toEqual(expected.sort());
  });
});

describe("recurringTouchedSince", () => {
  test("returns schedules that fired, changed or were deleted since then, and those in Redis that never fired", async () => {
    const { store: own } = await clickhouse.openStore();
    const daily = (state: Partial<Schedule["state"]>, over: Partial<Schedule> = {}) =>
      aSchedule({
        cronExpression: "0 9 * * *",
        updatedAt: NOW - 9000,
        ...over,
        state: { tier: "clickhouse", ...state },
      });
    const fired = daily({ lastExecution: NOW - 1000 });
    const changed = daily({ deleted: true }, { updatedAt: NOW - 1000 });
    const notFiredYet = daily({ tier: "redis", nextExecution: NOW + 1000 });
    const old = daily({ lastExecution: NOW - 9000 });
    await own.insertBatch({ token: "t", schedules: [fired, changed, notFiredYet, old], executions: [] });
    const expected = [fired, changed, notFiredYet].map((s) => s.scheduleId);
    expect(await idsOf(own.recurringTouchedSince({ sinceMs: NOW - 5000 }))).toEqual(expected.sort());
  });
});

async function idsOf(pages: AsyncIterable<Schedule[]>): Promise<string[]> {
  const ids: string[] = [];
  for await (const rows of pages) ids.push(...rows.map((s) => s.scheduleId));
  return ids.sort();
}
