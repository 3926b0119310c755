import { expect, it } from "vitest";
import { brushedRange } from "./brush";

const buckets = [0, 10, 20].map((at) => ({ at, end: at + 10, isUnfinished: false, values: { n: 1 } }));

it.each([
  ["to the right", [0, 2], { from: 0, to: 30 }],
  ["to the left", [2, 1], { from: 10, to: 30 }],
  ["within one bar", [1, 1], { from: 10, to: 20 }],
] as const)("brushedRange covers whole bars for a drag %s", (_, ends, expected) => {
  expect(brushedRange(buckets, ends)).toEqual(expected);
});

it("brushedRange is null if an end has no bar", () => {
  expect(brushedRange(buckets, [1, 7])).toBeNull();
});
