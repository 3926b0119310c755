import { expect, test } from "vitest";
import { bucketFor, drawnRange } from ".";

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

test("a chart begins with a whole bar and ends with the one under way; a range that is past ends where it ends", () => {
  const nowMs = Date.UTC(2026, 10, 27, 12, 34, 56, 789);
  const range = { fromMs: nowMs - 7 * 24 * HOUR_MS, toMs: nowMs, bucketSeconds: 3600, nowMs };
  const drawn = drawnRange(range);
  expect(new Date(drawn.fromMs).toISOString()).toBe("2026-11-20T12:00:00.000Z");
  expect(new Date(drawn.toMs).toISOString()).toBe("2026-11-27T13:00:00.000Z");
  expect(drawnRange({ ...range, toMs: nowMs - 1 }).toMs).toBe(nowMs - 1);
});
