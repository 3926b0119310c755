import { expect, it } from "vitest";
import { tagHeat } from "./tag-heat";

const MINUTE_MS = 60_000;
const FROM = Date.parse("2026-06-01T10:25Z");
const BUCKETS_PER_HOUR = 12;
const DAY_BUCKETS = 24 * BUCKETS_PER_HOUR;
const iso = (ms: number) => new Date(ms).toISOString();
/** Buckets of five minutes. One tag has one firing in each bucket, the other tag has three in the first bucket. */
const loadOf = (buckets: number) => ({
  from: iso(FROM),
  to: iso(FROM + buckets * 5 * MINUTE_MS),
  bucketSeconds: 300,
  tags: [
    { tag: "billing", firings: buckets },
    { tag: "", firings: 3 },
  ],
  buckets: Array.from({ length: buckets }, (_, i) => ({
    at: iso(FROM + i * 5 * MINUTE_MS),
    firings: 0,
    topics: [],
    others: 0,
    tags: [1, i === 0 ? 3 : 0],
  })),
});

it("has a row for each tag and a column for each bucket", () => {
  const { matrix, columns } = tagHeat(loadOf(3), "UTC");
  expect(matrix.map((row) => row.map(({ value }) => value))).toEqual([
    [1, 1, 1],
    [3, 0, 0],
  ]);
  expect(columns.map(({ at, end }) => [iso(at).slice(11, 16), iso(end).slice(11, 16)])).toEqual([
    ["10:25", "10:30"],
    ["10:30", "10:35"],
    ["10:35", "10:40"],
  ]);
});

it.each([
  ["UTC", "11:00"],
  ["Asia/Kolkata", "10:30"],
])("merges buckets of a day into columns that begin at full hours of %s", (zone, second) => {
  const { matrix, columns } = tagHeat(loadOf(DAY_BUCKETS), zone);
  expect(columns).toHaveLength(25);
  expect(iso(columns[1]?.at ?? 0).slice(11, 16)).toBe(second);
  expect(matrix[0]?.slice(1, -1).map(({ value }) => value)).toEqual(Array(23).fill(BUCKETS_PER_HOUR));
  expect(matrix[0]?.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(DAY_BUCKETS);
  expect([columns[0]?.at, columns.at(-1)?.end]).toEqual([FROM, FROM + DAY_BUCKETS * 5 * MINUTE_MS]);
});
