import { describe, expect, it } from "vitest";
import { bucketSecondsFor, histogramBuckets } from "./histogram";

const HOUR = 3_600_000;

describe("bucketSecondsFor", () => {
  it.each([
    [15 * 60_000, 10],
    [HOUR, 60],
    [6 * HOUR, 300],
    [24 * HOUR, 900],
    [168 * HOUR, 10_800],
    [720 * HOUR, 43_200],
    [20_000 * HOUR, 86_400],
  ])("divides a range of %s ms into bars of %s s", (rangeMs, seconds) => {
    expect(bucketSecondsFor(rangeMs)).toBe(seconds);
  });
});

describe("histogramBuckets", () => {
  const at = "2026-11-24T10:00:00.000Z";
  const fromMs = Date.parse(at);
  const period = { fromMs, toMs: fromMs + 2 * HOUR, nowMs: fromMs + 1.5 * HOUR, bucketSeconds: 3600 };

  it("counts a late success only as late and fills empty hours", () => {
    const rows = [
      { at, outcome: "succeeded" as const, count: 10, late: 3 },
      { at, outcome: "dead" as const, count: 2, late: 1 },
    ];
    const [first, second] = histogramBuckets({ ...period, rows });
    expect(first?.values).toMatchObject({ succeeded: 7, late: 3, dead: 2, skipped: 0 });
    expect(second).toMatchObject({ isUnfinished: true, values: { succeeded: 0, dead: 0 } });
  });

  it("has the bucket that starts at the page's minute", () => {
    const rows = [{ at: new Date(fromMs + HOUR).toISOString(), outcome: "succeeded" as const, count: 1, late: 0 }];
    const [first, second] = histogramBuckets({ ...period, nowMs: fromMs + HOUR, rows });
    expect(first).toMatchObject({ isUnfinished: false, values: { succeeded: 0 } });
    expect(second).toMatchObject({ isUnfinished: true, values: { succeeded: 1 } });
  });
});
