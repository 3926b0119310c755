import { CronExpressionParser } from "cron-parser";
import { describe, expect, it } from "vitest";
import type { DstGap, DstOverlap } from "../schedule";
import { nextOccurrence, occurrences } from "./next";
import type { RecurrenceSpec } from "./spec";

const ms = (iso: string) => Date.parse(iso);
const iso = (value: number) => new Date(value).toISOString().replace(":00.000Z", "Z");
const spec = (cronExpression: string, timezone: string, more: Partial<RecurrenceSpec> = {}): RecurrenceSpec => ({
  cronExpression,
  timezone,
  dstGap: "first_valid",
  dstOverlap: "first",
  ...more,
});
const list = (recurrence: RecurrenceSpec, afterIso: string, limit: number) =>
  occurrences(recurrence, { afterMs: ms(afterIso), limit }).map(({ nominalMs }) => iso(nominalMs));

describe("a wall-clock job whose time does not exist that day", () => {
  // zone, cron, searched from, first_valid, skip (the next day), shift
  it.each([
    [
      "America/New_York",
      "30 2 * * *",
      "2026-03-08T00:00Z",
      "2026-03-08T07:00Z",
      "2026-03-09T06:30Z",
      "2026-03-08T07:30Z",
    ],
    ["Europe/Berlin", "30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z", "2026-03-29T01:30Z"],
    ["Europe/London", "30 1 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z", "2026-03-29T01:30Z"],
    [
      "America/Santiago",
      "30 0 * * *",
      "2026-09-05T12:00Z",
      "2026-09-06T04:00Z",
      "2026-09-07T03:30Z",
      "2026-09-06T04:30Z",
    ],
    [
      "Australia/Lord_Howe",
      "15 2 * * *",
      "2026-10-03T00:00Z",
      "2026-10-03T15:30Z",
      "2026-10-04T15:15Z",
      "2026-10-03T15:45Z",
    ],
    [
      "Africa/Casablanca",
      "30 2 * * *",
      "2026-03-21T12:00Z",
      "2026-03-22T02:00Z",
      "2026-03-23T01:30Z",
      "2026-03-22T02:30Z",
    ],
    ["Africa/Cairo", "30 0 * * *", "2026-04-23T12:00Z", "2026-04-23T22:00Z", "2026-04-24T21:30Z", "2026-04-23T22:30Z"],
    // Samoa skipped 30 December 2011 completely.
    ["Pacific/Apia", "0 12 * * *", "2011-12-30T00:00Z", "2011-12-30T10:00Z", "2011-12-30T22:00Z", "2011-12-30T22:00Z"],
  ])("%s %s after %s", (zone, cron, from, firstValid, skip, shift) => {
    const next = (dstGap: DstGap) => {
      const found = nextOccurrence(spec(cron, zone, { dstGap }), ms(from));
      return found && [iso(found.nominalMs), found.note];
    };
    expect(next("first_valid")).toEqual([firstValid, "dst_gap_moved"]);
    expect(next("skip")).toEqual([skip, null]);
    expect(next("shift")).toEqual([shift, "dst_gap_moved"]);
  });

  it("fires once, at 01:00, when midnight is in Santiago's gap", () => {
    expect(list(spec("0 0 * * *", "America/Santiago"), "2026-09-05T12:00Z", 2)).toEqual([
      "2026-09-06T04:00Z",
      "2026-09-07T03:00Z",
    ]);
  });

  it("fires once for several candidates in one gap", () => {
    expect(list(spec("0,15,30,45 2 * * *", "Europe/Berlin"), "2026-03-29T00:00Z", 2)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-30T00:00Z",
    ]);
  });

  it("fires once if a regular candidate is at the first instant after the gap", () => {
    expect(list(spec("0,30 2,3 * * *", "Europe/Berlin"), "2026-03-29T00:00Z", 3)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-29T01:30Z",
      "2026-03-30T00:00Z",
    ]);
  });

  it("orders shifted and regular times by instant, and fires once if they coincide", () => {
    const shifted = occurrences(spec("15,45 2,3 * * *", "Europe/Berlin", { dstGap: "shift" }), {
      afterMs: ms("2026-03-29T00:00Z"),
      untilMs: ms("2026-03-29T12:00Z"),
      limit: 10,
    });
    expect(shifted.map(({ nominalMs }) => iso(nominalMs))).toEqual(["2026-03-29T01:15Z", "2026-03-29T01:45Z"]);
    expect(list(spec("20 2-3 * * *", "Europe/Berlin", { dstGap: "shift" }), "2026-03-29T00:00Z", 2)).toEqual([
      "2026-03-29T01:20Z",
      "2026-03-30T00:20Z",
    ]);
    expect(list(spec("10,50 2 * * *", "Europe/Berlin", { dstGap: "shift" }), "2026-03-29T01:10Z", 1)).toEqual([
      "2026-03-29T01:50Z",
    ]);
  });
});

describe("a wall-clock job whose time occurs twice that day", () => {
  it.each([
    ["America/New_York", "30 1 * * *", "2026-11-01T00:00Z", "2026-11-01T05:30Z", "2026-11-01T06:30Z"],
    ["Europe/Berlin", "30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-25T01:30Z"],
    ["Europe/London", "30 1 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-25T01:30Z"],
    ["America/Santiago", "30 23 * * *", "2026-04-04T12:00Z", "2026-04-05T02:30Z", "2026-04-05T03:30Z"],
    ["Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00Z", "2026-04-04T14:45Z", "2026-04-04T15:15Z"],
    ["Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z", "2026-02-15T01:30Z", "2026-02-15T02:30Z"],
    ["Africa/Cairo", "30 23 * * *", "2026-10-29T12:00Z", "2026-10-29T20:30Z", "2026-10-29T21:30Z"],
  ])("%s %s after %s", (zone, cron, from, first, second) => {
    const found = (dstOverlap: DstOverlap) =>
      occurrences(spec(cron, zone, { dstOverlap }), {
        afterMs: ms(from),
        untilMs: ms(from) + 20 * 3_600_000,
        limit: 9,
      }).map(({ nominalMs, note }) => [iso(nominalMs), note]);
    const [early, late] = [
      [first, "dst_overlap_first"],
      [second, "dst_overlap_second"],
    ];
    expect(found("first")).toEqual([early]);
    expect(found("second")).toEqual([late]);
    expect(found("both")).toEqual([early, late]);
  });

  it("finds the second pass of a yearly job, although the next matching date is a year later", () => {
    expect(list(spec("0 1 1 11 *", "America/New_York", { dstOverlap: "both" }), "2026-10-01T00:00Z", 3)).toEqual([
      "2026-11-01T05:00Z",
      "2026-11-01T06:00Z",
      "2027-11-01T05:00Z",
    ]);
  });

  it("fires all times of the first pass before those of the second, if dst_overlap is both", () => {
    expect(list(spec("15,45 1 * * *", "America/New_York", { dstOverlap: "both" }), "2026-11-01T00:00Z", 4)).toEqual([
      "2026-11-01T05:15Z",
      "2026-11-01T05:45Z",
      "2026-11-01T06:15Z",
      "2026-11-01T06:45Z",
    ]);
  });
});

describe("interval jobs follow real time", () => {
  const count = (cron: string, zone: string, from: string, hours: number) =>
    occurrences(spec(cron, zone), { afterMs: ms(from), untilMs: ms(from) + hours * 3_600_000, limit: 500 }).length;

  it.each([
    ["America/New_York", "2026-03-08T00:00Z"],
    ["America/New_York", "2026-11-01T00:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T00:00Z"],
    ["Australia/Lord_Howe", "2026-04-04T00:00Z"],
    ["Africa/Cairo", "2026-10-29T00:00Z"],
    ["Pacific/Apia", "2011-12-30T00:00Z"],
  ])("in %s from %s: a job that runs every 10 minutes fires 144 times in 24 hours", (zone, from) => {
    expect(count("*/10 * * * *", zone, from, 24)).toBe(144);
    expect(count("*/10 * * * * *", zone, from, 1)).toBe(360);
  });

  it("fires every two hours at the times that exist: 00:00 then 04:00 around New York's gap", () => {
    expect(list(spec("0 */2 * * *", "America/New_York"), "2026-03-08T04:30Z", 2)).toEqual([
      "2026-03-08T05:00Z",
      "2026-03-08T08:00Z",
    ]);
  });

  it("fires in both passes regardless of dst_overlap", () => {
    expect(list(spec("30 * * * *", "Europe/Berlin"), "2026-10-24T23:59Z", 3)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-25T01:30Z",
      "2026-10-25T02:30Z",
    ]);
  });
});

describe("cron fields, bounds, and dates without a clock change", () => {
  it.each([
    ["0 9 * * *", "Asia/Kathmandu", "2026-01-01T00:00Z", ["2026-01-01T03:15Z", "2026-01-02T03:15Z"]],
    ["0 9 * * *", "UTC", "2026-03-08T09:00Z", ["2026-03-09T09:00Z", "2026-03-10T09:00Z"]],
    ["0 0 29 2 *", "UTC", "2096-03-01T00:00Z", ["2104-02-29T00:00Z", "2108-02-29T00:00Z"]],
    ["0 0 29 2 *", "Europe/Berlin", "2026-01-01T00:00Z", ["2028-02-28T23:00Z", "2032-02-28T23:00Z"]],
    ["0 0 L * *", "UTC", "2026-01-31T00:00Z", ["2026-02-28T00:00Z", "2026-03-31T00:00Z"]],
    ["0 12 * * 5L", "UTC", "2026-01-01T00:00Z", ["2026-01-30T12:00Z", "2026-02-27T12:00Z"]],
    ["0 0 * * MON#2", "UTC", "2026-01-01T00:00Z", ["2026-01-12T00:00Z", "2026-02-09T00:00Z"]],
    ["0 0 1 JAN,jul *", "UTC", "2026-01-01T00:00Z", ["2026-07-01T00:00Z", "2027-01-01T00:00Z"]],
    ["0 0 1 * MON", "UTC", "2026-01-27T00:00Z", ["2026-02-01T00:00Z", "2026-02-02T00:00Z"]],
    ["@weekly", "UTC", "2026-01-01T00:00Z", ["2026-01-04T00:00Z", "2026-01-11T00:00Z"]],
    ["@midnight", "UTC", "2026-01-01T00:00Z", ["2026-01-02T00:00Z", "2026-01-03T00:00Z"]],
    ["0 0 * 2 1#5", "UTC", "2026-01-01T00:00Z", ["2044-02-29T00:00Z", "2072-02-29T00:00Z"]],
  ])("%s in %s after %s", (cron, zone, from, expected) => {
    expect(list(spec(cron, zone), from, expected.length)).toEqual(expected);
  });

  it("reads seconds first, and fires strictly after the given millisecond", () => {
    const seconds = spec("15,45 * * * * *", "UTC");
    const at = ms("2026-01-01T00:00:15Z");
    expect(nextOccurrence(seconds, at - 1)?.nominalMs).toBe(at);
    expect(nextOccurrence(seconds, at)?.nominalMs).toBe(at + 30_000);
    expect(nextOccurrence(seconds, at + 1)?.nominalMs).toBe(at + 30_000);
  });

  it("includes both bounds", () => {
    const bounded = spec("0 * * * *", "UTC", { startAt: ms("2026-01-01T05:00Z"), endAt: ms("2026-01-01T07:00Z") });
    expect(list(bounded, "2020-01-01T00:00Z", 9)).toEqual([
      "2026-01-01T05:00Z",
      "2026-01-01T06:00Z",
      "2026-01-01T07:00Z",
    ]);
    expect(nextOccurrence(bounded, ms("2026-01-01T07:00Z"))).toBeNull();
  });

  it("ends with the year 9999, the last year in ISO 8601", () => {
    expect(nextOccurrence(spec("0 0 1 1 *", "UTC"), ms("9999-06-01T00:00Z"))).toBeNull();
    expect(nextOccurrence(spec("0 0 1 7 *", "Europe/Berlin"), ms("9999-06-01T00:00Z"))?.nominalMs).toBe(
      ms("9999-06-30T22:00Z"),
    );
  });

  it("fires at 08:00 London time: 07:00Z in summer and 08:00Z in winter", () => {
    expect(list(spec("0 8 * * *", "Europe/London"), "2026-07-01T00:00Z", 1)).toEqual(["2026-07-01T07:00Z"]);
    expect(list(spec("0 8 * * *", "Europe/London"), "2026-12-01T00:00Z", 1)).toEqual(["2026-12-01T08:00Z"]);
  });

  it("does not miss the first occurrence after creation: created at 07:59:59.999, fires at 08:00", () => {
    expect(nextOccurrence(spec("0 8 * * *", "UTC"), ms("2026-01-01T07:59:59.999Z"))?.nominalMs).toBe(
      ms("2026-01-01T08:00Z"),
    );
  });

  it("refuses an unknown zone", () => {
    expect(() => nextOccurrence(spec("0 9 * * *", "Mars/Base"), 0)).toThrow(/Mars\/Base/);
  });
});

describe("differences from other schedulers", () => {
  it("cron-parser 5.10.5 fires 30 2 * * * in New York on 2026-03-08 at 03:30; we fire at 03:00", () => {
    const after = ms("2026-03-08T00:00Z");
    const theirs = CronExpressionParser.parse("30 2 * * *", { tz: "America/New_York", currentDate: new Date(after) });
    expect(iso(theirs.next().getTime())).toBe("2026-03-08T07:30Z");
    expect(list(spec("30 2 * * *", "America/New_York"), "2026-03-08T00:00Z", 1)).toEqual(["2026-03-08T07:00Z"]);
  });

  it("cron-parser 5.10.5 skips the day of Lord Howe's 30-minute gap; we fire at 02:30", () => {
    const after = ms("2026-10-03T00:00Z");
    const theirs = CronExpressionParser.parse("15 2 * * *", {
      tz: "Australia/Lord_Howe",
      currentDate: new Date(after),
    });
    expect(iso(theirs.next().getTime())).toBe("2026-10-04T15:15Z");
    expect(list(spec("15 2 * * *", "Australia/Lord_Howe"), "2026-10-03T00:00Z", 1)).toEqual(["2026-10-03T15:30Z"]);
  });

  it("we fire a daily job once in Lord Howe, where `cron` 4.4 fires twice", () => {
    expect(list(spec("45 1 * * *", "Australia/Lord_Howe"), "2026-04-04T00:00Z", 2)).toEqual([
      "2026-04-04T14:45Z",
      "2026-04-05T15:15Z",
    ]);
  });
});

it("finds the next occurrence within the 50 µs that firing allows", () => {
  const daily = spec("0 9 * * *", "America/New_York");
  const from = ms("2026-01-01T00:00Z");
  const hours = Array.from({ length: 5000 }, (_, i) => from + i * 3_600_000);
  for (const at of hours) nextOccurrence(daily, at);
  const started = performance.now();
  for (let round = 0; round < 4; round++) for (const at of hours) nextOccurrence(daily, at);
  // Takes about 1 µs on an idle machine. The bound of one second (50 µs each) allows for a busy machine.
  expect(performance.now() - started).toBeLessThan(1000);
});
