import { expect, it } from "vitest";
import { mustTypeCount } from "./typed-count";

it.each([
  ["pause", 101],
  ["resume", 101],
  ["spread", 101],
  ["replay", 101],
  ["execute", 1],
  ["delete", 1],
  ["discard", 2],
] as const)("mustTypeCount is true for %s from %i items on", (action, count) => {
  expect(mustTypeCount(action, count)).toBe(true);
  expect(mustTypeCount(action, count - 1)).toBe(false);
});

it("mustTypeCount is false for retag of any number of schedules", () => {
  expect(mustTypeCount("retag", 1_000_000)).toBe(false);
});
