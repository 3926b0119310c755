import { expect, test } from "vitest";
import { bucketFor } from ".";

const HOUR_MS = 3_600_000;

test.each([
  [HOUR_MS, 60],
  [5 * HOUR_MS, 60],
  [24 * HOUR_MS, 300],
  [7 * 24 * HOUR_MS, 3600],
  [30 * 24 * HOUR_MS, 10_800],
  [90 * 24 * HOUR_MS, 86_400],
  [366 * 24 * HOUR_MS, 604_800],
])("a range of %i ms is drawn in buckets of %i s, never more than 300", (spanMs, seconds) => {
  expect(bucketFor(spanMs)).toBe(seconds);
  expect(spanMs / 1000 / seconds).toBeLessThanOrEqual(300);
});
