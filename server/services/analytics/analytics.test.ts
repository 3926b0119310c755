import { expect, test } from "vitest";
import { barEdges, bucketSecondsFor } from ".";

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString().slice(0, 16));

test.each([
  [HOUR_MS, 300, 60],
  [24 * HOUR_MS, 300, 300],
  [7 * 24 * HOUR_MS, 300, 3600],
  [90 * 24 * HOUR_MS, 300, 86_400],
  [366 * 24 * HOUR_MS, 300, 604_800],
  [24 * HOUR_MS, 92, 1800],
  [7 * 24 * HOUR_MS, 92, 10_800],
  [30 * 24 * HOUR_MS, 92, 86_400],
])("a range of %i ms in at most %i buckets has buckets of %i s", (spanMs, maxBuckets, seconds) => {
  expect(bucketSecondsFor(spanMs, maxBuckets)).toBe(seconds);
  expect(spanMs / 1000 / seconds).toBeLessThanOrEqual(maxBuckets);
});

const nowMs = at("2026-11-27T12:34:56.789Z");
const week = { fromMs: nowMs - 7 * 24 * HOUR_MS, toMs: nowMs, bucketSeconds: 86_400, timezone: "Europe/Berlin", nowMs };

test("a chart begins with a full bar, and ends with the current bar or, for a past range, with the range", () => {
  const edges = iso(barEdges(week));
  expect([edges[0], edges[1], edges.at(-1)]).toEqual(["2026-11-19T23:00", "2026-11-20T23:00", "2026-11-27T23:00"]);
  expect(barEdges({ ...week, toMs: nowMs - 1 }).at(-1)).toBe(nowMs - 1);
});

test("in half-hour zones, bars begin at whole hours of UTC if the range is older than the roll-up of minutes", () => {
  const edges = barEdges({ ...week, timezone: "Asia/Kolkata" });
  expect(iso(edges).slice(0, 3)).toEqual(["2026-11-19T18:00", "2026-11-20T19:00", "2026-11-21T19:00"]);
  const day = { ...week, fromMs: nowMs - 48 * HOUR_MS, bucketSeconds: 10_800, timezone: "Asia/Kolkata" };
  expect(iso(barEdges(day))[1]).toBe("2026-11-25T15:30");
});

test("the bars of a range of more than 100 days are days of UTC", () => {
  const year = { ...week, fromMs: nowMs - 200 * 24 * HOUR_MS };
  expect(iso(barEdges(year))[0]).toMatch(/T00:00$/);
});
