import { describe, expect, it } from "vitest";
import { axisTicks, formatTick } from "./ticks";

const HOUR = 3_600_000;
const range = (from: string, count: number, stepMs: number) =>
  Array.from({ length: count }, (_, index) => Date.parse(from) + index * stepMs);
const iso = (ticks: number[]) => ticks.map((at) => new Date(at).toISOString().slice(5, 16));

describe("axisTicks", () => {
  it("uses round hours of a day", () => {
    const ticks = axisTicks(range("2026-11-24T01:00Z", 24, HOUR), { zone: "UTC" });
    expect(iso(ticks)).toEqual(["11-24T06:00", "11-24T12:00", "11-24T18:00", "11-25T00:00"]);
  });

  it("rounds in the zone, not in UTC", () => {
    const ticks = axisTicks(range("2026-11-24T01:00Z", 24, HOUR), { zone: "Europe/Berlin" });
    expect(iso(ticks)).toEqual(["11-24T05:00", "11-24T11:00", "11-24T17:00", "11-24T23:00"]);
  });

  it("uses every n-th bucket if none is round", () => {
    const ticks = axisTicks(range("2026-11-24T00:30Z", 48, HOUR), { zone: "UTC", count: 4 });
    expect(iso(ticks)).toEqual(["11-24T00:30", "11-24T12:30", "11-25T00:30", "11-25T12:30"]);
  });

  it.each([0, 1, 7, 60, 300])("never returns more than requested for %i buckets", (count) => {
    expect(
      axisTicks(range("2026-11-24T00:00Z", count, 7 * 60_000), { zone: "UTC", count: 6 }).length,
    ).toBeLessThanOrEqual(6);
  });
});

describe("formatTick", () => {
  it.each([
    ["the time within a day", "2026-11-24T06:00Z", 6 * HOUR, "06:00"],
    ["the date at midnight", "2026-11-24T00:00Z", 24 * HOUR, "24 Nov"],
    ["midnight as a time on a short axis", "2026-11-24T00:00Z", HOUR, "00:00"],
    ["the date on a long axis", "2026-11-24T06:00Z", 30 * 24 * HOUR, "24 Nov"],
  ])("shows %s", (_, at, spanMs, expected) => {
    expect(formatTick(Date.parse(at), { zone: "UTC", hour12: false, spanMs })).toBe(expected);
  });
});
