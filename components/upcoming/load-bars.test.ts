import { describe, expect, it } from "vitest";
import { loadBars } from "./load-bars";

const MINUTE = 60_000;
const bucketsOf = (from: string, count: number, bucketMs: number) =>
  Array.from({ length: count }, (_, index) => {
    const at = Date.parse(from) + index * bucketMs;
    return { at, end: at + bucketMs, isUnfinished: false, values: { orders: 1 } };
  });
const timesOf = (bars: { at: number }[]) => bars.map(({ at }) => new Date(at).toISOString().slice(11, 16));

describe("loadBars", () => {
  const day = bucketsOf("2026-12-01T10:50Z", 288, 5 * MINUTE);

  it("keeps the buckets while they are wide enough, or the width is unknown", () => {
    for (const widthPx of [900, null]) {
      expect(loadBars(day, { bucketMs: 5 * MINUTE, widthPx, zone: "UTC" })).toEqual({ bars: day, barMs: 5 * MINUTE });
    }
  });

  it("begins merged bars at round times, and marks the short ones at the ends", () => {
    const { bars, barMs } = loadBars(day, { bucketMs: 5 * MINUTE, widthPx: 300, zone: "UTC" });
    expect(barMs).toBe(15 * MINUTE);
    expect(timesOf(bars).slice(0, 3)).toEqual(["10:50", "11:00", "11:15"]);
    expect(bars.filter(({ isUnfinished }) => isUnfinished)).toEqual([bars[0], bars.at(-1)]);
    expect(bars.reduce((sum, { values }) => sum + (values.orders ?? 0), 0)).toBe(288);
  });

  it("rounds in the zone, not in UTC", () => {
    const { bars } = loadBars(bucketsOf("2026-12-01T10:30Z", 96, 30 * MINUTE), {
      bucketMs: 30 * MINUTE,
      widthPx: 150,
      zone: "Asia/Kolkata",
    });
    // 18:30 UTC is midnight in Kolkata.
    expect(timesOf(bars)).toContain("18:30");
    expect(timesOf(bars)).not.toContain("18:00");
  });

  it("draws an hour that occurs twice as two hours", () => {
    const buckets = bucketsOf("2026-11-01T04:00Z", 288, 5 * MINUTE);
    const { bars, barMs } = loadBars(buckets, { bucketMs: 5 * MINUTE, widthPx: 300, zone: "America/New_York" });
    expect(bars).toHaveLength(288 / 3);
    expect(bars.map(({ at, end }) => end - at)).toEqual(bars.map(() => barMs));
  });
});
