import { describe, expect, it } from "vitest";
import type { Bucket } from "./buckets";
import { prepareLines, ratioDomain } from "./lines";

const bucket = (at: number, p95: number | null, unfinished = false): Bucket<"p95"> => ({
  at,
  end: at + 1,
  unfinished,
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

  it("has no dotted part when all buckets are finished", () => {
    const points = prepareLines([bucket(0, 5), bucket(1, 6)], ["p95"]);
    expect(points.every((point) => point["p95~"] === null)).toBe(true);
  });
});

describe("ratioDomain", () => {
  it.each([
    ["all well", [1, 1], 0.99, [0.98, 1]],
    ["no data", [], 0.99, [0.98, 1]],
    ["a little below the target", [0.985, null, 1], 0.99, [0.98, 1]],
    ["some failures", [0.93, 1], 0.99, [0.9, 1]],
    ["half fails", [0.5, 1], 0.99, [0.4, 1]],
    ["all fails", [0], 0.99, [0, 1]],
  ] as const)("%s", (_, values, target, expected) => {
    expect(ratioDomain(values, target)).toEqual(expected);
  });
});
