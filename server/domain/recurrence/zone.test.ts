import { describe, expect, it } from "vitest";
import { isKnownZone, offsetAt, transitions, zoneOf } from "./zone";

const ms = (iso: string) => Date.parse(iso);
const changes = (zone: string, from: string, until: string) =>
  [...transitions(zoneOf(zone), { fromMs: ms(from), untilMs: ms(until) })].map(({ atMs, oldOffsetMs, newOffsetMs }) => [
    new Date(atMs).toISOString(),
    oldOffsetMs / 60_000,
    newOffsetMs / 60_000,
  ]);

describe("isKnownZone", () => {
  it.each([
    "UTC",
    "utc",
    "Etc/UTC",
    "GMT",
    "Europe/Berlin",
    "europe/berlin",
    "Asia/Kathmandu",
    "Europe/Kyiv",
    "US/Eastern",
    "EST",
    "Etc/GMT+5",
  ])("knows %s", (zone) => expect(isKnownZone(zone)).toBe(true));
  // Intl resolves BST to Dhaka, but British users mean London.
  it.each(["", "Mars/Base", "+01:00", "GMT+5", "BST", "PST", "Berlin", "Europe/Berlin ", "constructor"])(
    "refuses %j",
    (zone) => expect(isKnownZone(zone)).toBe(false),
  );
});

describe("clock changes", () => {
  it.each([
    [
      "America/New_York",
      [
        ["2026-03-08T07:00:00.000Z", -300, -240],
        ["2026-11-01T06:00:00.000Z", -240, -300],
      ],
    ],
    [
      "Australia/Lord_Howe",
      [
        ["2026-04-04T15:00:00.000Z", 660, 630],
        ["2026-10-03T15:30:00.000Z", 630, 660],
      ],
    ],
    [
      "Africa/Casablanca",
      [
        ["2026-02-15T02:00:00.000Z", 60, 0],
        ["2026-03-22T02:00:00.000Z", 0, 60],
        // From release 2026f on, the time zone database has Morocco on UTC permanently from 20 September 2026.
        ["2026-09-20T01:00:00.000Z", 60, 0],
      ],
    ],
    [
      "Africa/Cairo",
      [
        ["2026-04-23T22:00:00.000Z", 120, 180],
        ["2026-10-29T21:00:00.000Z", 180, 120],
      ],
    ],
    ["Asia/Kathmandu", []],
    ["UTC", []],
  ])("of %s in 2026", (zone, expected) => {
    expect(changes(zone, "2026-01-01T00:00Z", "2026-12-31T23:59Z")).toEqual(expected);
  });

  it("have the seconds of local mean time: New York, 1883-11-18", () => {
    expect(changes("America/New_York", "1883-11-01T00:00Z", "1883-12-01T00:00Z")).toEqual([
      ["1883-11-18T17:00:00.000Z", -(4 * 60 + 56 + 2 / 60), -300],
    ]);
  });

  it("exclude the start of the range and include its end", () => {
    const at = "2026-03-08T07:00:00.000Z";
    expect(changes("America/New_York", at, "2026-04-01T00:00Z")).toEqual([]);
    expect(changes("America/New_York", "2026-03-01T00:00Z", at)).toHaveLength(1);
  });

  it("apply the new offset from the instant of the change on", () => {
    const at = ms("2026-03-08T07:00Z");
    const zone = zoneOf("America/New_York");
    expect([offsetAt(zone, at - 1), offsetAt(zone, at)]).toEqual([-5 * 3_600_000, -4 * 3_600_000]);
  });
});
