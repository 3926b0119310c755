import { expect, it } from "vitest";
import { nextBySchedule } from "./next-by-schedule";

const rows = (ids: string) => [...ids].map((scheduleId, at) => ({ scheduleId, at }));

it.each([
  ["keeps the first row of each schedule", "aabacb", 9, ["a0", "b2", "c4"]],
  ["stops at the count", "abcd", 2, ["a0", "b1"]],
  ["accepts an empty list", "", 5, []],
])("nextBySchedule %s", (_, ids, count, expected) => {
  expect(nextBySchedule(rows(ids), count).map((row) => `${row.scheduleId}${row.at}`)).toEqual(expected);
});
