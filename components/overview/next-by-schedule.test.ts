import { expect, it } from "vitest";
import { nextBySchedule } from "./next-by-schedule";

const rows = (ids: string) => [...ids].map((scheduleId, at) => ({ scheduleId, at }));

it.each([
  ["keeps the soonest of each", "aabacb", 9, ["a0", "b2", "c4"]],
  ["stops at the count", "abcd", 2, ["a0", "b1"]],
  ["takes nothing", "", 5, []],
])("%s", (_, ids, count, expected) => {
  expect(nextBySchedule(rows(ids), count).map((row) => `${row.scheduleId}${row.at}`)).toEqual(expected);
});
