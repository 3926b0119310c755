import { describe, expect, it } from "vitest";
import { type Bucket, bucketNote, bucketTotals, capBuckets, prepareBuckets } from "./buckets";

const MINUTE = 60_000;
const base = { keys: ["ok", "bad"] as const, fromMs: 0, toMs: 5 * MINUTE, bucketMs: MINUTE, nowMs: 10 * MINUTE };

describe("prepareBuckets", () => {
  it("has a gap for a missing bucket by default", () => {
    const buckets = prepareBuckets({ ...base, raw: [{ at: MINUTE, values: { ok: 4, bad: 1 } }] });
    expect(buckets.map((bucket) => bucket.values.ok)).toEqual([null, 4, null, null, null]);
  });

  it('has zeros for missing buckets and keys with `missing: "zero"`', () => {
    const buckets = prepareBuckets({ ...base, raw: [{ at: MINUTE, values: { ok: 4 } }], missing: "zero" });
    expect(buckets.map((bucket) => bucket.values)).toEqual([
      { ok: 0, bad: 0 },
      { ok: 4, bad: 0 },
      { ok: 0, bad: 0 },
      { ok: 0, bad: 0 },
      { ok: 0, bad: 0 },
    ]);
  });

  it("marks only the unfinished bucket, and leaves out buckets that start in the future", () => {
    const buckets = prepareBuckets({ ...base, raw: [], nowMs: 2.5 * MINUTE });
    expect(buckets.map((bucket) => [bucket.at / MINUTE, bucket.isUnfinished])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
  });

  it("counts a bucket that ends now as finished", () => {
    const buckets = prepareBuckets({ ...base, raw: [], nowMs: 2 * MINUTE });
    expect(buckets.at(-1)).toMatchObject({ at: MINUTE, isUnfinished: false });
  });

  it("starts with the bucket that contains the start of the range", () => {
    const buckets = prepareBuckets({ ...base, raw: [], fromMs: 1.5 * MINUTE });
    expect(buckets[0]?.at).toBe(MINUTE);
  });
});

describe("capBuckets", () => {
  const bucket = (at: number, ok: number | null, isUnfinished = false): Bucket<"ok"> => ({
    at,
    end: at + 1,
    isUnfinished,
    values: { ok },
  });
  const five = [bucket(0, 1), bucket(1, 2), bucket(2, null), bucket(3, null), bucket(4, 7, true)];

  it.each([
    ["adds counts up", "sum", [3, null, 7]],
    ["keeps the highest percentile", "max", [2, null, 7]],
  ] as const)("%s, and keeps gaps", (_, merge, expected) => {
    const capped = capBuckets(five, { max: 3, merge });
    expect(capped.map((one) => one.values.ok)).toEqual(expected);
    expect(capped.map((one) => [one.at, one.end, one.isUnfinished])).toEqual([
      [0, 2, false],
      [2, 4, false],
      [4, 5, true],
    ]);
  });

  it("does not merge if there are no more buckets than the maximum", () => {
    expect(capBuckets(five, { max: 5, merge: "sum" })).toEqual(five);
  });

  it("returns no more buckets than the maximum, with the same total", () => {
    const many = Array.from({ length: 1441 }, (_, at) => bucket(at, 1));
    const capped = capBuckets(many, { max: 300, merge: "sum" });
    expect(capped.length).toBeLessThanOrEqual(300);
    expect(bucketTotals(capped, ["ok"])).toEqual({ ok: 1441 });
  });
});

it.each([
  [{ isUnfinished: false }, ""],
  [{ isUnfinished: false, startsBeforeRange: true }, "begins before the range"],
  [{ isUnfinished: true }, "in progress"],
  [{ isUnfinished: true, unfinishedText: "only partly in the range" }, "only partly in the range"],
  [{ isUnfinished: true, startsBeforeRange: true }, "begins before the range, in progress"],
])("bucketNote of %j is %j", (bucket, expected) => {
  expect(bucketNote(bucket)).toBe(expected);
});
