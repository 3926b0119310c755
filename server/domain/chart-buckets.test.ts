import { describe, expect, test } from "vitest";
import { bucketEnd, bucketStarts, hoursOfWeek, weekOf } from "./chart-buckets";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);
const starts = (timezone: string, from: string, to: string, stepMs: number) =>
  bucketStarts({ timezone, fromMs: at(from), toMs: at(to), stepMs }).map((ms) =>
    new Date(ms).toISOString().slice(0, 16),
  );

describe("bucketStarts", () => {
  test.each([
    [
      "days begin at local midnight",
      "Europe/Berlin",
      "2026-11-20T10:00Z",
      "2026-11-22T12:00Z",
      DAY,
      ["2026-11-19T23:00", "2026-11-20T23:00", "2026-11-21T23:00"],
    ],
    [
      "a day with a skipped hour is shorter",
      "Europe/Berlin",
      "2027-03-27T12:00Z",
      "2027-03-29T12:00Z",
      DAY,
      ["2027-03-26T23:00", "2027-03-27T23:00", "2027-03-28T22:00"],
    ],
    [
      "a bucket whose start is skipped begins at the clock change",
      "Europe/Berlin",
      "2027-03-28T00:10Z",
      "2027-03-28T03:00Z",
      HOUR,
      ["2027-03-28T00:00", "2027-03-28T01:00", "2027-03-28T02:00"],
    ],
    [
      "a repeated hour is two buckets",
      "Europe/Berlin",
      "2026-10-24T23:30Z",
      "2026-10-25T02:30Z",
      HOUR,
      ["2026-10-24T23:00", "2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"],
    ],
    [
      "buckets of six hours begin at local times in a zone with a half-hour offset",
      "Asia/Kolkata",
      "2026-11-20T10:00Z",
      "2026-11-21T01:00Z",
      6 * HOUR,
      ["2026-11-20T06:30", "2026-11-20T12:30", "2026-11-20T18:30", "2026-11-21T00:30"],
    ],
    [
      "weeks begin on Monday",
      "America/New_York",
      "2026-11-20T10:00Z",
      "2026-12-01T12:00Z",
      7 * DAY,
      ["2026-11-16T05:00", "2026-11-23T05:00", "2026-11-30T05:00"],
    ],
    [
      "half hours begin on the half hour in UTC",
      "UTC",
      "2026-11-20T10:01Z",
      "2026-11-20T11:00Z",
      HOUR / 2,
      ["2026-11-20T10:00", "2026-11-20T10:30"],
    ],
    [
      "a day whose midnight is skipped begins at the clock change",
      "America/Santiago",
      "2026-09-05T12:00Z",
      "2026-09-07T12:00Z",
      DAY,
      ["2026-09-05T04:00", "2026-09-06T04:00", "2026-09-07T03:00"],
    ],
  ] as const)("%s", (_, timezone, from, to, stepMs, expected) => {
    expect(starts(timezone, from, to, stepMs)).toEqual(expected);
  });

  test.each(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe"])(
    "buckets of %s cover the range, in order and without a gap",
    (timezone) => {
      for (const stepMs of [900_000, HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY]) {
        for (let i = 0; i < 40; i += 1) {
          // About 106 days apart, at different times of the day and the year.
          const fromMs = at("2026-01-01T00:00Z") + i * 9_123_457_000;
          const toMs = fromMs + 20 * stepMs + i * 1234;
          const found = bucketStarts({ fromMs, toMs, stepMs, timezone });
          expect(found[0]).toBeLessThanOrEqual(fromMs);
          expect(found[1] ?? toMs).toBeGreaterThan(fromMs);
          for (const [n, ms] of found.entries()) expect(ms).toBeLessThan(found[n + 1] ?? toMs);
          // 20 steps, one bucket in progress at each end, and up to two more at a clock change.
          expect(found.length).toBeLessThanOrEqual(24);
        }
      }
    },
  );

  test("the last bucket ends at the next round time", () => {
    const end = bucketEnd({ timezone: "Europe/Berlin", toMs: at("2026-11-20T10:00Z"), stepMs: DAY });
    expect(new Date(end).toISOString()).toBe("2026-11-20T23:00:00.000Z");
    expect(bucketEnd({ timezone: "UTC", toMs: at("2026-11-20T10:00Z"), stepMs: HOUR })).toBe(at("2026-11-20T10:00Z"));
  });
});

test("weekOf counts hours on the zone's clock, across a change of the clock", () => {
  const hours = [
    { atMs: at("2026-10-24T22:00Z"), count: 1 },
    { atMs: at("2026-10-25T22:00Z"), count: 2 },
    { atMs: at("2026-10-25T23:00Z"), count: 4 },
  ];
  const counts = weekOf(hours, "Europe/Berlin");
  // Sunday 00:00 by summer time, Sunday 23:00 and Monday 00:00 by winter time.
  expect([counts[6]?.[0], counts[6]?.[23], counts[0]?.[0]]).toEqual([1, 2, 4]);
  expect(counts.flat().reduce((sum, n) => sum + n, 0)).toBe(7);
});

describe("hoursOfWeek", () => {
  const sunday = { fromMs: at("2026-10-24T00:00Z"), toMs: at("2026-10-27T00:00Z"), weekday: 7 };

  test("has both hours that a clock change repeats, and no hour that a clock change skips", () => {
    const iso = (hours: number[]) => hours.map((ms) => new Date(ms).toISOString().slice(0, 16));
    expect(iso(hoursOfWeek({ ...sunday, hour: 2, timezone: "Europe/Berlin" }))).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T01:00",
    ]);
    const spring = { fromMs: at("2027-03-27T00:00Z"), toMs: at("2027-03-29T00:00Z"), weekday: 7 };
    expect(hoursOfWeek({ ...spring, hour: 2, timezone: "Europe/Berlin" })).toEqual([]);
  });

  test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles"])(
    "has exactly the hours that weekOf counts in a cell, in %s",
    (timezone) => {
      const range = { fromMs: at("2026-10-20T03:17Z"), toMs: at("2026-11-10T11:45Z"), timezone };
      const all = hoursOfWeek(range);
      expect(all).toHaveLength(Math.ceil((range.toMs - Math.floor(range.fromMs / HOUR) * HOUR) / HOUR));
      const counts = weekOf(
        all.map((atMs) => ({ atMs, count: 1 })),
        timezone,
      );
      for (let weekday = 1; weekday <= 7; weekday += 1) {
        const sums = counts[weekday - 1] ?? [];
        expect(hoursOfWeek({ ...range, weekday })).toHaveLength(sums.reduce((sum, n) => sum + n, 0));
        for (let hour = 0; hour < 24; hour += 1) {
          const cell = hoursOfWeek({ ...range, weekday, hour });
          expect(cell).toHaveLength(sums[hour] ?? Number.NaN);
          const own = weekOf(
            cell.map((atMs) => ({ atMs, count: 1 })),
            timezone,
          );
          expect(own[weekday - 1]?.[hour]).toBe(cell.length);
        }
      }
    },
  );

  test("counts times before the first Monday of 1970 like later times", () => {
    // Thursday, 1 January 1970, and Wednesday before it.
    const range = { fromMs: -HOUR, toMs: HOUR, timezone: "UTC" };
    expect(hoursOfWeek({ ...range, weekday: 4, hour: 0 })).toEqual([0]);
    expect(hoursOfWeek({ ...range, weekday: 3, hour: 23 })).toEqual([-HOUR]);
  });
});
