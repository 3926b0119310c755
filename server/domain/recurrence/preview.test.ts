import { describe, expect, it } from "vitest";
import { clockChangeNote, localTime, previewOccurrences } from "./preview";
import type { RecurrenceSpec } from "./spec";

const preview = (
  cronExpression: string,
  from: string,
  more: { spec?: Partial<RecurrenceSpec>; count?: number; jitterSeconds?: number; scheduleId?: string } = {},
) =>
  previewOccurrences({
    spec: { cronExpression, timezone: "Europe/Berlin", dstGap: "first_valid", dstOverlap: "first", ...more.spec },
    fromMs: Date.parse(from),
    count: more.count ?? 1,
    jitterSeconds: more.jitterSeconds ?? 0,
    ...(more.scheduleId === undefined ? {} : { scheduleId: more.scheduleId }),
  });

describe("previewOccurrences", () => {
  it("returns nominal, effective and local time, and explains the gap", () => {
    expect(preview("30 2 * * *", "2026-03-29T00:00Z", { count: 2 })).toEqual({
      occurrences: [
        {
          nominal: "2026-03-29T01:00:00.000Z",
          effective: "2026-03-29T01:00:00.000Z",
          local: "2026-03-29T03:00:00+02:00",
          note: "02:30 does not exist on this day; fires at 03:00",
        },
        {
          nominal: "2026-03-30T00:30:00.000Z",
          effective: "2026-03-30T00:30:00.000Z",
          local: "2026-03-30T02:30:00+02:00",
          note: null,
        },
      ],
      description: "Every day at 02:30 (Europe/Berlin)",
      warnings: [],
    });
  });

  it.each([
    ["first", ["02:30 occurs twice; fires the first time"]],
    ["second", ["02:30 occurs twice; fires the second time"]],
    [
      "both",
      [
        "02:30 occurs twice; fires both times, this is the first",
        "02:30 occurs twice; fires both times, this is the second",
      ],
    ],
  ] as const)("names the pass that fires with dst_overlap %s", (dstOverlap, notes) => {
    const { occurrences } = preview("30 2 * * *", "2026-10-25T00:00Z", { spec: { dstOverlap }, count: notes.length });
    expect(occurrences.map(({ note }) => note)).toEqual(notes);
  });

  it.each([
    ["before it", "2299-12-01T00:00Z", ["2299-12-24T08:00:00.000Z"]],
    ["after it", "2304-01-01T00:00Z", []],
  ])("ends at the last supported time and reports it, for a preview that starts %s", (_, from, expected) => {
    const { occurrences, warnings } = preview("0 9 24 12 *", from, { count: 5 });
    expect(occurrences.map(({ nominal }) => nominal)).toEqual(expected);
    expect(warnings).toEqual(["Times after 2299-12-30 are out of range: a schedule does not fire then."]);
    const ended = preview("0 9 24 12 *", from, { count: 5, spec: { endAt: Date.parse("2299-12-25T00:00Z") } });
    expect([ended.occurrences.length, ended.warnings]).toEqual([expected.length, []]);
  });

  it("reports that an interval job fires in both passes", () => {
    const { occurrences } = preview("30 * * * *", "2026-10-25T00:00Z", { count: 2 });
    expect(occurrences.map(({ local }) => local)).toEqual(["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]);
    expect(occurrences.map(({ note }) => note?.slice(-10))).toEqual([" the first", "the second"]);
  });

  it("has the rules of 2026: British Columbia stays on UTC-7, so 08:00 in Vancouver is 15:00Z in December", () => {
    const spec = { timezone: "America/Vancouver" };
    expect(preview("0 8 * * *", "2026-12-01T00:00Z", { spec }).occurrences[0]).toMatchObject({
      nominal: "2026-12-01T15:00:00.000Z",
      local: "2026-12-01T08:00:00-07:00",
    });
  });

  it("lists the times that skip omits", () => {
    const { occurrences, warnings } = preview("30 2 * * *", "2026-03-29T00:00Z", { spec: { dstGap: "skip" } });
    expect(occurrences[0]?.local).toBe("2026-03-30T02:30:00+02:00");
    expect(warnings).toEqual(["2026-03-29 02:30 does not exist in Europe/Berlin and is skipped."]);
  });

  it("shows the shifted time, with seconds if they are not zero", () => {
    const { occurrences } = preview("15 30 2 * * *", "2026-03-29T00:00Z", { spec: { dstGap: "shift" } });
    expect(occurrences[0]?.note).toBe("02:30:15 does not exist on this day; fires at 03:30:15");
  });

  it("adds jitter that ends before the next nominal time, and calls it an example if there is no schedule id", () => {
    const { occurrences, warnings } = preview("*/5 * * * *", "2026-01-01T00:00Z", {
      count: 100,
      jitterSeconds: 86_400,
    });
    for (const [index, { nominal, effective }] of occurrences.entries()) {
      const next = Date.parse(nominal) + 300_000;
      expect(Date.parse(effective) >= Date.parse(nominal) && Date.parse(effective) < next, `occurrence ${index}`).toBe(
        true,
      );
    }
    expect(warnings.at(-1)).toMatch(/example/);
    expect(preview("*/5 * * * *", "2026-01-01T00:00Z", { jitterSeconds: 60, scheduleId: "a" }).warnings).toEqual([]);
  });

  it("returns at most 1000 occurrences, and fewer if the schedule ends", () => {
    expect(preview("* * * * *", "2026-01-01T00:00Z", { count: 5000 }).occurrences).toHaveLength(1000);
    const endAt = Date.parse("2026-01-01T00:03Z");
    expect(preview("* * * * *", "2026-01-01T00:00Z", { count: 10, spec: { endAt } }).occurrences).toHaveLength(3);
  });
});

describe("localTime", () => {
  it.each([
    ["UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"],
    ["Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00+05:45"],
    ["America/St_Johns", "2026-01-01T00:00:00.250Z", "2025-12-31T20:30:00.250-03:30"],
    ["America/New_York", "1883-11-01T00:00:00Z", "1883-10-31T19:03:58-04:56:02"],
  ])("%s at %s is %s", (zone, at, expected) => {
    expect(localTime(zone, Date.parse(at))).toBe(expected);
  });
});

describe("clockChangeNote", () => {
  const spec = {
    cronExpression: "30 2 * * *",
    timezone: "Europe/Berlin",
    dstGap: "first_valid",
    dstOverlap: "both",
  } as const;

  it.each([
    ["a moved run", "2026-03-29T01:00:00Z", "02:30 does not exist on this day; fires at 03:00"],
    ["the second pass", "2026-10-25T01:30:00Z", "02:30 occurs twice; fires both times, this is the second"],
    ["a run of another day", "2026-03-30T00:30:00Z", null],
    ["a time that is not planned", "2026-03-29T01:10:00Z", null],
  ])("of %s at %s is %j", (_, at, note) => {
    expect(clockChangeNote(spec, Date.parse(at))).toBe(note);
  });
});
