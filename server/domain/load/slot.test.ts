import { describe, expect, it } from "vitest";
import { comparedTimes, fixedMinute, quietestSlot, quietestTime, withMinute } from "./slot";

const MINUTE_MS = 60_000;
const NOW_MS = Date.parse("2026-06-01T00:00Z");

describe("the minute of a cron", () => {
  it.each([
    ["0 8 * * *", 0, "7 8 * * *"],
    ["30 * * * *", 30, "7 * * * *"],
    ["@daily", 0, "7 0 * * *"],
    ["15 0 8 * * 1", 0, "15 7 8 * * 1"],
    ["0  8 *  * MON-FRI", 0, "7 8 * * MON-FRI"],
    ["*/5 * * * *", null, null],
    ["0,30 8 * * *", null, null],
    ["* * * * *", null, null],
  ])("of %s is %s", (cron, minute, moved) => {
    expect(fixedMinute(cron)).toBe(minute);
    expect(withMinute(cron, 7)).toBe(moved);
  });
});

/** Expected firings of the minutes that a test does not list. */
const OTHER_LOAD = 50;

describe("quietestSlot", () => {
  const at = (minute: number) => NOW_MS + minute * MINUTE_MS;
  const slot = (loads: Record<number, number>, wanted: number, maxMinutes = 15) =>
    quietestSlot({
      wanted,
      maxMinutes,
      times: [at(wanted)],
      firingsAt: (ms) => loads[(ms - NOW_MS) / MINUTE_MS] ?? OTHER_LOAD,
    }).best;

  it.each([
    ["the least loaded minute", { 0: 412, 7: 3, 9: 4 }, 0, { minute: 7, firings: 3 }],
    ["the nearest of equally loaded minutes", { 20: 9, 17: 2, 24: 2 }, 20, { minute: 17, firings: 2 }],
    ["the later of equally near minutes", { 20: 9, 18: 2, 22: 2 }, 20, { minute: 22, firings: 2 }],
    ["the wanted minute if none is less loaded", { 20: 50 }, 20, { minute: 20, firings: 50 }],
    ["never in the next hour", { 58: 60, 61: 1, 59: 40 }, 58, { minute: 59, firings: 40 }],
    ["never further away than allowed", { 0: 60, 16: 1 }, 0, { minute: 1, firings: 50 }],
  ])("is %s", (_, loads, wanted, expected) => {
    expect(slot(loads, wanted)).toEqual(expected);
  });

  it("rates a minute by the most loaded of all times at which the cron would fire in it", () => {
    const loads: Record<number, number> = { 1: 0, 61: 90, 2: 5, 62: 5 };
    const times = [at(0), at(60)];
    const firingsAt = (ms: number) => loads[(ms - NOW_MS) / MINUTE_MS] ?? OTHER_LOAD;
    expect(quietestSlot({ wanted: 0, maxMinutes: 5, times, firingsAt }).best).toEqual({ minute: 2, firings: 5 });
  });
});

describe("quietestTime", () => {
  const at = (minute: number) => NOW_MS + minute * MINUTE_MS;
  const best = (loads: Record<number, number>, wantedMs: number) =>
    quietestTime({
      wantedMs,
      maxMinutes: 15,
      nowMs: NOW_MS,
      firingsAt: (ms) => loads[(ms - NOW_MS) / MINUTE_MS] ?? OTHER_LOAD,
    }).best;

  it.each([
    ["in the least loaded minute", { 30: 412, 37: 3, 39: 4 }, at(30), { atMs: at(37), firings: 3 }],
    ["in the nearest of equally loaded minutes", { 20: 9, 17: 2, 24: 2 }, at(20), { atMs: at(17), firings: 2 }],
    ["in the later of equally near minutes", { 20: 9, 18: 2, 22: 2 }, at(20), { atMs: at(22), firings: 2 }],
    ["in the wanted minute if none is less loaded", { 20: 50 }, at(20), { atMs: at(20), firings: 50 }],
    ["in another hour if its minute is less loaded", { 58: 60, 61: 1 }, at(58), { atMs: at(61), firings: 1 }],
    ["never in the past", { 2: 60, [-3]: 0, 0: 0, 4: 5 }, at(2), { atMs: at(4), firings: 5 }],
    ["at the wanted second of the minute", { 30: 9, 31: 1 }, at(30) + 15_000, { atMs: at(31) + 15_000, firings: 1 }],
  ])("is %s", (_, loads, wantedMs, expected) => {
    expect(best(loads, wantedMs)).toEqual(expected);
  });
});

it("comparedTimes are a day of times for an hourly cron, and the next time for a yearly cron", () => {
  const spec = { timezone: "UTC", dstGap: "first_valid", dstOverlap: "first" } as const;
  expect(comparedTimes({ ...spec, cronExpression: "5 * * * *" }, { nowMs: NOW_MS, limit: 24 })).toHaveLength(24);
  expect(comparedTimes({ ...spec, cronExpression: "5 0 1 1 *" }, { nowMs: NOW_MS, limit: 24 })).toEqual([
    Date.parse("2027-01-01T00:05Z"),
  ]);
});
