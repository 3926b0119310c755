import { expect, it } from "vitest";
import { countDelta } from "./delta";

it.each([
  ["shows an increase as a percentage", { now: 150, before: 100 }, ["50%", "up", undefined]],
  ["shows a small increase with a decimal", { now: 1015, before: 1000 }, ["1.5%", "up", undefined]],
  ["calls fewer failures good", { now: 50, before: 100, better: "down" }, ["50%", "down", true]],
  ["calls more failures bad", { now: 200, before: 100, better: "down" }, ["100%", "up", false]],
  ["shows the difference from a small count", { now: 12, before: 5 }, ["7", "up", undefined]],
  ["shows the difference instead of 1,000% or more", { now: 5000, before: 100 }, ["4,900", "up", undefined]],
  ["shows an equal count as unchanged", { now: 7, before: 7, better: "down" }, ["Unchanged", "flat", undefined]],
] as const)("countDelta %s", (_, input, [text, direction, good]) => {
  const delta = countDelta({ period: "the previous day", ...input });
  expect([delta?.text, delta?.direction, delta?.good]).toEqual([text, direction, good]);
});

it("countDelta names the period that it compares with", () => {
  expect(countDelta({ now: 2, before: 1, period: "the previous 7 d" })?.than).toBe("than the previous 7 d");
});

it("countDelta is undefined if the earlier count is 0", () => {
  expect(countDelta({ now: 5, before: 0, period: "the previous day" })).toBeUndefined();
});
