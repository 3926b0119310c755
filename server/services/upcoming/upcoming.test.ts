import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { occurrences } from "~/server/domain/recurrence";
import { transitions, zoneOf } from "~/server/domain/recurrence/zone";
import type { UpcomingFiring } from "~/server/domain/views";
import { createSchedules, listOccurrences, patchSchedule, toggleSchedule } from "~/server/services/schedules";
import { ListOccurrencesInput } from "~/server/services/schedules/inputs";
import { keepRecording, recordAll } from "~/server/testing/recording";
import { startTestStack, type TestStack } from "~/server/testing/stack";
import { upcomingFirings } from "./firings";
import { UpcomingFiringsInput, UpcomingLoadInput } from "./inputs";
import { upcomingLoad } from "./load";
import { suggestSlot } from "./suggest-slot";
import { suggestTime } from "./suggest-time";

/*
 * Compares the counts of the page "Upcoming" with the occurrences of each schedule, computed one by one.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

interface CreatedSchedule {
  scheduleId: string;
  cronExpression?: string;
  executionTime?: string;
  timezone: string;
  topic: string;
  tags: string[];
  jitterSeconds?: number;
  maxRuns?: number;
  startAt?: string;
  endAt?: string;
  paused: boolean;
}

let stack: TestStack;
let created: CreatedSchedule[];
let recording: ReturnType<typeof keepRecording> | undefined;
/** The range of the queries: two days from tomorrow, so that no time of the range passes during the tests. */
let fromMs: number;
let toMs: number;

const CRONS = ["0 9 * * *", "*/15 * * * *", "30 2 * * *", "0 0 * * 1-5", "17 * * * *", "0,30 6-18/3 * * *"];
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

beforeAll(async () => {
  stack = await startTestStack();
  const { ctx, deps } = stack;
  fromMs = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + DAY_MS;
  toMs = fromMs + 2 * DAY_MS;
  const items = Array.from({ length: 300 }, (_, i) => ({
    topic: `topic-${i % 5}`,
    tags: i % 11 === 4 ? [] : i % 7 === 0 ? ["seventh", "all"] : ["all"],
    timezone: ZONES[i % ZONES.length] as string,
    ...(i % 10 === 9
      ? { executionTime: iso(fromMs + i * 7 * MINUTE_MS) }
      : {
          cronExpression: CRONS[i % CRONS.length] as string,
          ...(i % 20 === 3 ? { maxRuns: 5 } : {}),
          ...(i % 20 === 7 ? { startAt: iso(fromMs + 20 * HOUR_MS) } : {}),
          ...(i % 20 === 8 ? { endAt: iso(fromMs + 20 * HOUR_MS) } : {}),
        }),
  }));
  const event = { entityType: "user", action: "remind", payload: {} };
  // The create of a long-term schedule waits for ClickHouse.
  recording = keepRecording(deps);
  const answer = await createSchedules({ ctx, input: { items: items.map((item) => ({ ...item, ...event })) } });
  const ids = answer.items.map((item) => ("scheduleId" in item ? item.scheduleId : ""));
  for (const [i, scheduleId] of ids.entries()) {
    if (i % 25 === 0) await toggleSchedule({ ctx, input: { scheduleId, enabled: false, note: "waits" } });
  }
  created = items.map((item, i) => ({ ...item, scheduleId: ids[i] as string, paused: i % 25 === 0 }));
  expect(ids.filter(Boolean)).toHaveLength(300);
  await recordAll(deps, 0);
}, 120_000);
afterAll(async () => {
  await recording?.stop();
  await stack?.stop();
});

/** The nominal times of a schedule in the range. */
function timesOf(one: CreatedSchedule): number[] {
  const parsed = (text: string | undefined) => (text === undefined ? null : Date.parse(text));
  if (one.cronExpression === undefined) {
    const ms = parsed(one.executionTime) as number;
    return ms >= fromMs && ms < toMs ? [ms] : [];
  }
  const { cronExpression, timezone } = one;
  const bounds = { startAt: parsed(one.startAt), endAt: parsed(one.endAt) };
  const spec = { cronExpression, timezone, dstGap: "first_valid", dstOverlap: "first", ...bounds } as const;
  const all = occurrences(spec, { afterMs: Date.now(), untilMs: toMs - 1, limit: one.maxRuns ?? 1e6 });
  return all.map(({ nominalMs }) => nominalMs).filter((ms) => ms >= fromMs);
}

const load = (over: object = {}) =>
  upcomingLoad({
    ctx: stack.ctx,
    input: UpcomingLoadInput.parse({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), ...over }),
  });
const activeSchedules = (filter: (one: CreatedSchedule) => boolean) =>
  created.filter((one) => !one.paused && filter(one));
const countOf = (schedules: readonly CreatedSchedule[]) => schedules.reduce((sum, one) => sum + timesOf(one).length, 0);

describe("the expected load", () => {
  test("is the number of the occurrences of all schedules that are not paused", async () => {
    const found = await load();
    expect(found.firings).toBe(countOf(activeSchedules(() => true)));
    expect(found.buckets.reduce((sum, { firings }) => sum + firings, 0)).toBe(found.firings);
    const firesInRange = activeSchedules((one) => timesOf(one).length > 0).length;
    // A schedule whose last run is before the range may still be counted.
    expect(found.coverage.counted).toBe(found.coverage.schedules);
    expect(found.coverage.counted).toBeGreaterThanOrEqual(firesInRange);
  });

  test("is divided by topic, and each bucket is the sum of its topics", async () => {
    const found = await load();
    for (const { topic, firings } of found.topics)
      expect(firings).toBe(countOf(activeSchedules((one) => one.topic === topic)));
    expect(found.topics).toHaveLength(5);
    for (const { firings, topics, others } of found.buckets) {
      expect(topics.reduce((sum, one) => sum + one, others)).toBeCloseTo(firings, 6);
    }
  });

  test("is divided by tag on request, and a firing counts for each tag of its schedule", async () => {
    const found = await load({ by: "tag" });
    const of = (tag: string, has: (one: CreatedSchedule) => boolean) => ({
      tag,
      firings: countOf(activeSchedules(has)),
    });
    const counted = [
      of("all", ({ tags }) => tags.includes("all")),
      of("seventh", ({ tags }) => tags.includes("seventh")),
      of("", ({ tags }) => tags.length === 0),
    ];
    expect(found.tags).toEqual(counted.sort((a, b) => b.firings - a.firings));
    for (const [i, { firings }] of found.tags.entries()) {
      expect(found.buckets.reduce((sum, { tags }) => sum + (tags[i] ?? 0), 0)).toBeCloseTo(firings, 6);
    }
    expect((await load()).tags).toEqual([]);
  });

  test.each([
    ["topic", { topic: "topic-2" }, (one: CreatedSchedule) => one.topic === "topic-2"],
    ["tag", { tag: "seventh" }, (one: CreatedSchedule) => one.tags.includes("seventh")],
    [
      "both",
      { topic: ["topic-0", "topic-1"], tag: ["seventh"] },
      (one: CreatedSchedule) => ["topic-0", "topic-1"].includes(one.topic) && one.tags.includes("seventh"),
    ],
  ])("can be filtered by %s", async (_, filter, matches) => {
    expect((await load(filter)).firings).toBe(countOf(activeSchedules(matches)));
  });

  test("names the crowded minutes and the cadences in them", async () => {
    const byMinute = new Map<number, number>();
    for (const one of activeSchedules(() => true)) {
      for (const ms of timesOf(one)) {
        const minute = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
        byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1);
      }
    }
    const found = await load();
    expect(found.crowded[0]?.firings).toBe(Math.max(...byMinute.values()));
    for (const minute of found.crowded) {
      expect(minute.firings).toBe(byMinute.get(Date.parse(minute.at)));
      const listed = minute.groups.reduce((sum, group) => sum + group.firings, 0);
      expect(minute.moreGroups > 0 ? listed < minute.firings : listed + minute.oneTime === minute.firings).toBe(true);
    }
  });

  test("is computed once for concurrent callers", async () => {
    const [one, other] = await Promise.all([load(), load()]);
    expect(one.computedAt).toBe(other.computedAt);
  });

  test.each([
    ["a range in the past", { from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" }],
    ["more than 31 days", { to: "2099-01-01T00:00:00Z" }],
  ])("is refused for %s", async (_, range) => {
    await expect(load(range)).rejects.toMatchObject({ code: "validation_failed" });
  });

  test("spreads the firings of schedules with jitter over the jitter", async () => {
    const { ctx, deps } = stack;
    const event = {
      topic: "jittered",
      entityType: "user",
      action: "a",
      payload: {},
      jitterSeconds: 1800,
      timezone: "UTC",
    };
    const executionTime = new Date(fromMs + 90 * MINUTE_MS).toISOString();
    const items = [
      ...Array.from({ length: 60 }, () => ({ ...event, cronExpression: "0 12 * * *" })),
      ...Array.from({ length: 60 }, () => ({ ...event, executionTime })),
    ];
    await createSchedules({ ctx, input: { items } });
    await recordAll(deps, 0);
    const found = await load({ topic: "jittered" });
    expect(found.firings).toBeCloseTo(2 * 60 + 60, 6);
    // 60 schedules with a jitter of half an hour, in buckets of a quarter of an hour, on two days.
    expect(found.bucketSeconds).toBe(900);
    const atNoon = found.buckets.filter(({ at }) => /T12:(00|15):/.test(at)).map(({ firings }) => firings);
    expect(atNoon).toEqual([30, 30, 30, 30]);
  });
});

describe("the next firings", () => {
  async function pages(over: object = {}, limit = 40): Promise<UpcomingFiring[]> {
    const all: UpcomingFiring[] = [];
    const range = { from: new Date(fromMs).toISOString(), to: new Date(fromMs + 3 * HOUR_MS).toISOString() };
    for (let cursor: string | null = null; ; ) {
      const input = UpcomingFiringsInput.parse({ ...range, ...over, limit, ...(cursor === null ? {} : { cursor }) });
      const page = await upcomingFirings({ ctx: stack.ctx, input });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      all.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) return all;
      expect(all.length).toBeLessThan(10_000);
    }
  }
  const keyOf = (one: { at: string; scheduleId: string }) => `${one.at} ${one.scheduleId}`;
  const expected = (matches: (one: CreatedSchedule) => boolean) =>
    created
      .filter(matches)
      .flatMap((one) => timesOf(one).map((ms) => ({ at: new Date(ms).toISOString(), scheduleId: one.scheduleId })))
      .filter(({ at }) => Date.parse(at) < fromMs + 3 * HOUR_MS)
      .map(keyOf)
      .sort();

  test.each([7, 200])("are all occurrences in time order, in pages of %i", async (limit) => {
    const all = await pages({ tag: "seventh" }, limit);
    expect(all.map(keyOf)).toEqual(expected((one) => one.tags.includes("seventh")));
    expect(all.length).toBeGreaterThan(2 * 7);
  });

  test("include the firings of paused schedules, with the state paused", async () => {
    const all = await pages({ tag: "all" }, 200);
    expect(all.map(keyOf)).toEqual(expected(({ tags }) => tags.includes("all")));
    const paused = new Set(created.filter((one) => one.paused).map((one) => one.scheduleId));
    for (const one of all) expect(one.state).toBe(paused.has(one.scheduleId) ? "paused" : "fires");
    expect(all.some((one) => one.state === "paused")).toBe(true);
  });

  test("refuse a cursor that cannot be read", async () => {
    await expect(pages({ cursor: "nonsense" })).rejects.toMatchObject({ code: "cursor_invalid" });
  });
});

describe("a suggested slot", () => {
  test("is a minute nearby with fewer firings", async () => {
    const found = await suggestSlot({
      ctx: stack.ctx,
      input: { cronExpression: "0 9 * * *", timezone: "Europe/Berlin", within: 15 },
    });
    expect(found?.wanted.minute).toBe(0);
    expect(found?.wanted.firings).toBeGreaterThan(0);
    expect(found?.best.firings).toBeLessThan(found?.wanted.firings ?? 0);
    expect(found?.cronExpression).toBe(`${found?.best.minute} 9 * * *`);
  });

  test("for a one-time schedule is a time nearby with fewer firings", async () => {
    const nineInBerlin = timesOf({
      cronExpression: "0 9 * * *",
      timezone: "Europe/Berlin",
    } as CreatedSchedule)[0] as number;
    const found = await suggestTime({ ctx: stack.ctx, input: { executionTime: nineInBerlin, within: 15 } });
    const firingIn = (ms: number) => activeSchedules(() => true).filter((one) => timesOf(one).includes(ms)).length;
    expect(found?.wanted).toEqual({ at: iso(nineInBerlin), firings: firingIn(nineInBerlin) });
    const bestMs = Date.parse(found?.best.at ?? "");
    expect(Math.abs(bestMs - nineInBerlin)).toBeLessThanOrEqual(15 * MINUTE_MS);
    expect(found?.best.firings).toBeLessThan(found?.wanted.firings ?? 0);
    expect(found?.best.firings).toBe(firingIn(bestMs));
    expect(await suggestTime({ ctx: stack.ctx, input: { executionTime: Date.now() - 1, within: 15 } })).toBeNull();
  });

  test("is null for a cron that fires at several minutes", async () => {
    const input = { cronExpression: "*/5 * * * *", within: 15 };
    expect(await suggestSlot({ ctx: stack.ctx, input })).toBeNull();
  });

  describe("for a stored schedule", () => {
    const store = async (over: object) => {
      const item = { topic: "alone", entityType: "user", action: "a", payload: {}, timezone: "UTC", ...over };
      const { items } = await createSchedules({ ctx: stack.ctx, input: { items: [item] } as never });
      await recordAll(stack.deps, 0);
      return (items[0] as { scheduleId: string }).scheduleId;
    };
    const slotOf = (cronExpression: string, scheduleId?: string) =>
      suggestSlot({ ctx: stack.ctx, input: { cronExpression, timezone: "UTC", within: 15, scheduleId } });
    const other = "0190f3a0-0000-7000-8000-00000000dead";

    test.each([0, 60])("does not count the firings of the schedule, with a jitter of %i s", async (jitterSeconds) => {
      // No other schedule fires at minute 37 or 38 of an hour.
      const hour = jitterSeconds === 0 ? 21 : 22;
      const [cron, otherCron] = [`37 ${hour} * * *`, `38 ${hour} * * *`];
      const scheduleId = await store({ cronExpression: cron, jitterSeconds });
      for (const id of [undefined, other]) {
        const counted = await slotOf(cron, id);
        expect(counted?.wanted).toEqual({ minute: 37, firings: 1 });
        expect(counted?.cronExpression).not.toBeNull();
      }
      expect(await slotOf(cron, scheduleId)).toMatchObject({
        wanted: { minute: 37, firings: 0 },
        cronExpression: null,
      });
      await patchSchedule({ ctx: stack.ctx, input: { scheduleId, patch: { cronExpression: otherCron } } as never });
      await recordAll(stack.deps, 0);
      expect(await slotOf(otherCron, scheduleId)).toMatchObject({
        wanted: { minute: 38, firings: 0 },
        cronExpression: null,
      });
    });

    test("is the same for a paused schedule, which does not count", async () => {
      const cron = "37 20 * * *";
      await store({ cronExpression: cron });
      const scheduleId = await store({ cronExpression: cron });
      await toggleSchedule({ ctx: stack.ctx, input: { scheduleId, enabled: false } });
      await recordAll(stack.deps, 0);
      for (const id of [undefined, scheduleId]) {
        expect((await slotOf(cron, id))?.wanted).toEqual({ minute: 37, firings: 1 });
      }
    });

    test.each([0, 1])("does not count a one-time schedule, with a jitter of %i s", async (jitterSeconds) => {
      const executionTime = fromMs + (3 + jitterSeconds) * HOUR_MS + 7 * MINUTE_MS;
      const scheduleId = await store({ executionTime: iso(executionTime), jitterSeconds });
      const timeOf = (id?: string) =>
        suggestTime({ ctx: stack.ctx, input: { executionTime, within: 15, scheduleId: id } });
      for (const id of [undefined, other]) {
        const counted = await timeOf(id);
        expect(counted?.wanted).toEqual({ at: iso(executionTime), firings: 1 });
        expect(counted?.best.at).not.toBe(iso(executionTime));
      }
      const free = { at: iso(executionTime), firings: 0 };
      expect(await timeOf(scheduleId)).toEqual({ wanted: free, best: free });
    });
  });
});

describe("a clock change", () => {
  test("is noted at the affected runs, and for a paused schedule", async () => {
    const { ctx, deps } = stack;
    const year = new Date().getUTCFullYear() + 1;
    const range = { fromMs: Date.UTC(year, 0), untilMs: Date.UTC(year, 6) };
    const [change] = [...transitions(zoneOf("Europe/Berlin"), range)];
    const atMs = change?.atMs ?? 0;
    const event = { topic: "clock", entityType: "user", action: "remind", payload: {} };
    const item = { ...event, cronExpression: "30 2 * * *", timezone: "Europe/Berlin", startAt: iso(atMs - DAY_MS) };
    const { items } = await createSchedules({ ctx, input: { items: [item] } });
    await recordAll(deps, 0);
    const input = UpcomingFiringsInput.parse({ from: iso(atMs - HOUR_MS), to: iso(atMs + HOUR_MS), topic: "clock" });
    expect((await upcomingFirings({ ctx, input })).items).toMatchObject([
      { at: iso(atMs), note: "02:30 does not exist on this day; fires at 03:00" },
    ]);
    const { scheduleId = "" } = items[0] as { scheduleId?: string };
    await toggleSchedule({ ctx, input: { scheduleId, enabled: false } });
    expect(await listOccurrences({ ctx, input: ListOccurrencesInput.parse({ scheduleId }) })).toMatchObject({
      occurrences: [],
      nextClockChange: expect.stringContaining("02:30 "),
    });
  });
});
