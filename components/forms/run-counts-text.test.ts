import { expect, it } from "vitest";
import { runCountsText } from "./run-counts-text";

it.each([
  ["the same number each day", { nextDay: 12, nextWeek: 84 }, "12 runs a day"],
  ["one run a day", { nextDay: 1, nextWeek: 7 }, "1 run a day"],
  ["workdays only", { nextDay: 12, nextWeek: 60 }, "60 runs in 7 days"],
  ["a week that begins with a day without runs", { nextDay: 0, nextWeek: 1 }, "1 run in 7 days"],
  ["no run in a week", { nextDay: 0, nextWeek: 0 }, null],
])("runCountsText describes %s", (_, counts, expected) => {
  expect(runCountsText(counts)).toBe(expected);
});
