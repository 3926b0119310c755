import { expect, it } from "vitest";
import { countDelta } from "./delta";

it.each([
  ["more, in per cent", { now: 150, before: 100 }, ["50%", "up", undefined]],
  ["a little more", { now: 1015, before: 1000 }, ["1.5%", "up", undefined]],
  ["fewer failures are good", { now: 50, before: 100, better: "down" }, ["50%", "down", true]],
  ["more failures are not", { now: 200, before: 100, better: "down" }, ["100%", "up", false]],
  ["few before: the difference", { now: 12, before: 5 }, ["7", "up", undefined]],
  ["past tenfold: the difference", { now: 5000, before: 100 }, ["4,900", "up", undefined]],
  ["the same", { now: 7, before: 7, better: "down" }, ["Unchanged", "flat", undefined]],
] as const)("%s", (_, input, [text, direction, good]) => {
  const delta = countDelta(input);
  expect([delta?.text, delta?.direction, delta?.good]).toEqual([text, direction, good]);
});

it("is undefined without a count before", () => {
  expect(countDelta({ now: 5, before: 0 })).toBeUndefined();
});
