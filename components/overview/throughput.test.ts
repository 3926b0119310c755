import { describe, expect, it } from "vitest";
import { busiest, throughputBuckets } from "./throughput";

const QUARTER_MS = 900_000;
const NONE = { succeeded: 0, late: 0, expired: 0, skipped: 0, dead: 0, cancelled: 0 };
const raw = (at: string, counts: Partial<typeof NONE>) => ({
  at: `2026-11-24T${at}:00.000Z`,
  counts: { ...NONE, ...counts },
  retried: 0,
  latenessMs: { p50: null, p95: null, p99: null },
  publishMs: { p50: null, p95: null, p99: null },
  successRate: null,
});
const performance = (buckets: ReturnType<typeof raw>[]) => ({
  from: "2026-11-24T04:02:00.000Z",
  to: "2026-11-24T04:35:00.000Z",
  bucketSeconds: 300,
  unfinishedFrom: null,
  buckets,
  publishEdgesMs: [],
  publishHeat: [],
});

describe("throughputBuckets", () => {
  const buckets = throughputBuckets(
    performance([
      raw("04:00", { succeeded: 5, late: 2 }),
      raw("04:05", { succeeded: 1, dead: 1 }),
      raw("04:30", { skipped: 3 }),
    ]),
    QUARTER_MS,
  );

  it("adds up the server's buckets and counts a late success only as late", () => {
    expect(buckets[0]?.values).toEqual({ ...NONE, succeeded: 4, late: 2, dead: 1 });
  });

  it("has a bar for every 15 minutes, and only the last is unfinished", () => {
    expect(buckets.map((bucket) => new Date(bucket.at).toISOString().slice(11, 16))).toEqual([
      "04:00",
      "04:15",
      "04:30",
    ]);
    expect(buckets[1]?.values).toEqual(NONE);
    expect(buckets.map((bucket) => bucket.unfinished)).toEqual([false, false, true]);
  });

  it("finds the busiest bar, or none without executions", () => {
    expect(busiest(buckets)).toEqual({ bucket: buckets[0], total: 7 });
    expect(busiest(throughputBuckets(performance([]), QUARTER_MS))).toBeUndefined();
  });
});
