import { describe, expect, it } from "vitest";
import type { Bucket } from "./buckets";
import { durationTicks, linearTicks, prepareLines } from "./lines";

const bucket = (at: number, p95: number | null, isUnfinished = false): Bucket<"p95"> => ({
  at,
  end: at + 1,
  isUnfinished,
  values: { p95 },
});

describe("prepareLines", () => {
  it("draws the unfinished bucket on the dotted series, joined to the last finished point", () => {
    const points = prepareLines([bucket(0, 5), bucket(1, 6), bucket(2, 9, true)], ["p95"]);
    expect(points.map((point) => [point.p95, point["p95~"]])).toEqual([
      [5, null],
      [6, 6],
      [null, 9],
    ]);
  });

  it("keeps gaps, even next to the unfinished bucket", () => {
    const points = prepareLines([bucket(0, 5), bucket(1, null), bucket(2, 9, true)], ["p95"]);
    expect(points.map((point) => [point.p95, point["p95~"]])).toEqual([
      [5, null],
      [null, null],
      [null, 9],
    ]);
  });

  it("marks a point that no line would show", () => {
    const points = prepareLines([bucket(0, 5), bucket(1, null), bucket(2, 9, true), bucket(3, null)], ["p95"]);
    expect(points.map((point) => point["p95!"])).toEqual([5, null, 9, null]);
    expect(prepareLines([bucket(0, 5), bucket(1, 6)], ["p95"]).map((point) => point["p95!"])).toEqual([null, null]);
  });

  it("has no dotted part when all buckets are finished", () => {
    const points = prepareLines([bucket(0, 5), bucket(1, 6)], ["p95"]);
    expect(points.every((point) => point["p95~"] === null)).toBe(true);
  });
});

describe("durationTicks", () => {
  it.each([
    ["has ticks without data", [], 0, [1, 10]],
    ["reaches the next round duration", [3, 15, null], 0, [1, 10, 100]],
    ["ends at a value that is a round duration", [1000], 0, [1, 10, 100, 1000]],
    ["reaches the target", [15], 30_000, [1, 10, 100, 1000, 10_000, 60_000]],
  ] as const)("%s", (_, values, target, expected) => {
    expect(durationTicks(values, target)).toEqual(expected);
  });

  it("ends at 100 days even for longer durations", () => {
    expect(durationTicks([1e15], 0).at(-1)).toBe(100 * 86_400_000);
  });
});

it.each([
  [[0.02, 0.1], 1, [0, 0.25, 0.5, 0.75, 1]],
  [[1.3], 1, [0, 0.5, 1, 1.5]],
  [[37, null], 0, [0, 10, 20, 30, 40]],
  [[40], 0, [0, 10, 20, 30, 40]],
  [[null], 0, [0]],
])("linearTicks of the values %j and the target %d are %j", (values, target, ticks) => {
  expect(linearTicks(values, target)).toEqual(ticks);
});
