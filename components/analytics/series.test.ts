import { expect, it } from "vitest";
import { budgetSeries, outcomeSeries, type Performance, percentileSeries, retrySeries } from "./series";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 10, minute)).toISOString();
const percentiles = { p50: 1, p95: 5, p99: 9, max: 20 };
const performance = {
  from: at(0),
  to: at(14),
  bucketSeconds: 300,
  edges: [at(0), at(5), at(10), at(15)],
  unfinishedFrom: at(10),
  buckets: [
    {
      at: at(5),
      counts: { succeeded: 10, late: 4, skipped: 1, expired: 0, dead: 2, cancelled: 0 },
      retried: 3,
      latenessMs: percentiles,
      publishMs: percentiles,
      successRate: 0.8,
    },
  ],
  publishEdgesMs: [],
  publishHeat: [],
} as unknown as Performance;

it("outcomeSeries counts a late success once, and empty buckets as zero", () => {
  const [empty, full, unfinished] = outcomeSeries(performance);
  expect(empty?.values).toMatchObject({ succeeded: 0, dead: 0 });
  expect(full?.values).toMatchObject({ succeeded: 6, late: 4, dead: 2 });
  expect(unfinished?.isUnfinished).toBe(true);
});

it("outcomeSeries marks a bucket that begins before the range", () => {
  const [first, second] = outcomeSeries({ ...performance, from: at(2) });
  expect([first?.startsBeforeRange, second?.startsBeforeRange]).toEqual([true, false]);
});

it("outcomeSeries leaves out buckets in the future, of a range that ends in the future", () => {
  const edges = [0, 5, 10, 15, 20, 25].map(at);
  const ends = outcomeSeries({ ...performance, edges, to: at(25) }).map(({ isUnfinished }) => isUnfinished);
  expect(ends).toEqual([false, false, true]);
});

it("percentileSeries returns null for buckets without data", () => {
  expect(percentileSeries(performance, "latenessMs").map(({ values }) => values.p95)).toEqual([null, 5, null]);
});

it("retrySeries counts retried and skipped executions", () => {
  expect(retrySeries(performance)[1]?.values).toEqual({ retried: 3, skipped: 1 });
});

it("budgetSeries adds up the failures of the range", () => {
  // 12 succeeded or failed, so a target of 50 % allows 6 failures; there were 2.
  expect(budgetSeries(performance, 0.5).map(({ values }) => values.spent)).toEqual([0, 2 / 6, 2 / 6]);
});

it("budgetSeries returns null for all buckets if nothing succeeded or failed", () => {
  expect(budgetSeries({ ...performance, buckets: [] }, 0.5).map(({ values }) => values.spent)).toEqual([
    null,
    null,
    null,
  ]);
});
