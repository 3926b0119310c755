import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatCounted,
  formatDuration,
  formatInstant,
  formatInstantTitle,
  formatLateness,
  formatOffset,
  formatPercentile,
  formatRatio,
  formatRelative,
  formatZone,
  shortId,
  toEpochMs,
  wallTime,
  zoneOffsetMinutes,
} from "./format";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = Date.parse("2026-11-24T03:05:07.089Z");

describe("formatInstant", () => {
  it.each([
    ["in full", {}, "24 Nov 2026, 03:05:07"],
    ["without the year", { format: "short" }, "24 Nov, 03:05:07"],
    ["as a date", { format: "date" }, "24 Nov 2026"],
    ["as a time", { format: "time" }, "03:05:07"],
    ["to the minute", { precision: "minute" }, "24 Nov 2026, 03:05"],
    ["to the millisecond", { precision: "ms" }, "24 Nov 2026, 03:05:07.089"],
    ["on a 12-hour clock", { hour12: true }, "24 Nov 2026, 3:05:07 AM"],
    ["with the date in the zone", { zone: "America/New_York" }, "23 Nov 2026, 22:05:07"],
    ["on a 12-hour clock after noon", { zone: "America/New_York", hour12: true, format: "time" }, "10:05:07 PM"],
  ] as const)("shows a moment %s", (_, options, expected) => {
    expect(formatInstant(at, { zone: "UTC", hour12: false, ...options })).toBe(expected);
  });

  it("drops fractions of a millisecond", () => {
    expect(formatInstant(at + 0.62, { zone: "UTC", hour12: false, format: "time", precision: "ms" })).toBe(
      "03:05:07.089",
    );
  });

  it.each([
    ["midnight", "2026-11-24T00:00Z", "12:00 AM"],
    ["noon", "2026-11-24T12:00Z", "12:00 PM"],
  ])("writes %s on a 12-hour clock", (_, iso, expected) => {
    const options = { zone: "UTC", hour12: true, format: "time", precision: "minute" } as const;
    expect(formatInstant(Date.parse(iso), options)).toBe(expected);
  });

  it("has weekday, zone and UTC in the tooltip", () => {
    expect(formatInstantTitle(at, { zone: "Asia/Kolkata", hour12: false })).toBe(
      "Tue 24 Nov 2026, 08:35:07.089 Asia/Kolkata (UTC+5:30)\n2026-11-24T03:05:07.089Z",
    );
  });

  it("wallTime returns the wall clock of instants before 1970", () => {
    expect(wallTime(-1, "UTC")).toEqual({
      year: 1969,
      month: 12,
      day: 31,
      hour: 23,
      minute: 59,
      second: 59,
      ms: 999,
      weekday: 3,
    });
  });
});

describe("zones", () => {
  it.each([
    ["UTC", "2026-01-01T00:00Z", 0, "UTC"],
    ["Europe/Berlin", "2026-01-01T00:00Z", 60, "UTC+1"],
    ["Europe/Berlin", "2026-07-01T00:00Z", 120, "UTC+2"],
    ["America/St_Johns", "2026-01-01T00:00Z", -210, "UTC−3:30"],
    ["Asia/Kathmandu", "2026-01-01T00:00Z", 345, "UTC+5:45"],
    ["Australia/Lord_Howe", "2026-07-01T00:00Z", 630, "UTC+10:30"],
  ])("%s at %s is %i minutes ahead", (zone, iso, minutes, text) => {
    expect(zoneOffsetMinutes(Date.parse(iso), zone)).toBe(minutes);
    expect(formatOffset(minutes)).toBe(text);
  });

  it("changes the offset exactly at the transition", () => {
    const gap = Date.parse("2026-03-29T01:00Z");
    expect([zoneOffsetMinutes(gap - 1, "Europe/Berlin"), zoneOffsetMinutes(gap, "Europe/Berlin")]).toEqual([60, 120]);
  });

  it("names a zone with its offset, and UTC without an offset", () => {
    expect(formatZone(at, "America/New_York")).toBe("America/New York (UTC−5)");
    expect(formatZone(at, "UTC")).toBe("UTC");
  });
});

it.each([
  [0, "0 ms"],
  [0.25, "0.25 ms"],
  [850, "850 ms"],
  [999.7, "1 s"],
  [1000, "1 s"],
  [12_440, "12.4 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min"],
  [200 * SECOND, "3 min 20 s"],
  [5 * MINUTE, "5 min"],
  [HOUR - 1, "1 h"],
  [2 * HOUR + 5 * MINUTE, "2 h 5 min"],
  [DAY - 1, "1 d"],
  [3 * DAY + 4 * HOUR, "3 d 4 h"],
  [-1500, "1.5 s"],
])("a length of %d ms is %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each([
  [0, "0 ms"],
  [320, "+320 ms"],
  [-2000, "−2 s"],
  [200 * SECOND, "+3 min 20 s"],
])("a lateness of %d ms is %s", (ms, expected) => {
  expect(formatLateness(ms)).toBe(expected);
});

it.each([
  [0, "now"],
  [999, "now"],
  [-5 * SECOND, "5 s ago"],
  [1400, "in 1 s"],
  [59_400, "in 59 s"],
  [59_999, "in 1 min"],
  [-59.6 * MINUTE, "1 h ago"],
  [5 * MINUTE, "in 5 min"],
  [-3 * MINUTE, "3 min ago"],
  [47 * HOUR, "in 47 h"],
  [47.6 * HOUR, "in 2 d"],
  [48 * HOUR, "in 2 d"],
  [22 * DAY + 11 * HOUR, "in 22 d"],
  [22 * DAY + 21 * HOUR, "in 23 d"],
  [-59 * DAY, "59 d ago"],
  [90 * DAY, "in 3 mo"],
  [729 * DAY, "in 2 y"],
  [-800 * DAY, "2 y ago"],
])("%d ms from now is %s", (delta, expected) => {
  expect(formatRelative(at + delta, at)).toBe(expected);
});

it.each([
  [0, "0"],
  [0.42, "0.4"],
  [950, "950"],
  [999.4, "999"],
  [999.6, "1k"],
  [1000, "1k"],
  [1234, "1.2k"],
  [99_960, "100k"],
  [999_400, "999k"],
  [999_500, "1M"],
  [3_400_000, "3.4M"],
  [2_000_000_000, "2G"],
  [-1500, "-1.5k"],
])("%d is shortened to %s", (value, expected) => {
  expect(formatCompact(value)).toBe(expected);
});

it.each([
  [1, "100%"],
  [0.99999, "99.99%"],
  [0.9995, "99.95%"],
  [0.5, "50%"],
  [0.00001, "0.01%"],
  [0, "0%"],
])("a ratio of %d is %s: only 1 is 100%%, and only 0 is 0%%", (ratio, expected) => {
  expect(formatRatio(ratio)).toBe(expected);
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [20_480, "20 kB"],
  [1_400_000, "1.4 MB"],
  [999_900, "1 MB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

it.each([
  [0, false, "0 dead letters"],
  [1, false, "1 dead letter"],
  [1, true, "1+ dead letters"],
  [1200, false, "1,200 dead letters"],
])("counts %d (capped: %s) as %s", (count, capped, expected) => {
  expect(formatCounted(count, "dead letter", capped)).toBe(expected);
});

it("shortens an id to its end, which tells ids of the same minute apart", () => {
  expect(shortId("0193a5f2-7c00-7000-8000-1234567890ab")).toBe("…567890ab");
});

it("marks a capped count", () => {
  expect([formatCount(1000, true), formatCount(12)]).toEqual(["1,000+", "12"]);
});

it.each([
  ["an ISO string", "2026-11-24T03:05:07.089Z", at],
  ["epoch ms", at, at],
  ["a Date", new Date(at), at],
  ["null", null, null],
  ["nothing", undefined, null],
  ["an empty string", "", null],
  ["a text that is not a time", "soon", null],
])("toEpochMs reads %s", (_, value, expected) => {
  expect(toEpochMs(value)).toBe(expected);
});

it.each([
  [2.97, "3 ms"],
  [12_400, "12.4 s"],
  [303_000, "5 min"],
  [603_000, "10 min"],
  [86_832_000, "1 d"],
])("formatPercentile of %j ms is %j", (ms, expected) => {
  expect(formatPercentile(ms)).toBe(expected);
});
