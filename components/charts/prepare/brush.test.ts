import { expect, it } from "vitest";
import { brushedRange } from "./brush";

const buckets = [0, 10, 20].map((at) => ({ at, end: at + 10, unfinished: false, values: { n: 1 } }));

it.each([
  ["to the right", [0, 2], { from: 0, to: 30 }],
  ["to the left", [2, 1], { from: 10, to: 30 }],
  ["within one bar", [1, 1], { from: 10, to: 20 }],
  ["beyond the bars", [1, 7], null],
] as const)("the selected range of a drag %s", (_, ends, expected) => {
  expect(brushedRange(buckets, ends)).toEqual(expected);
});
