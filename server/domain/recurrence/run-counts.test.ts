import { expect, it } from "vitest";
import { runCounts } from "./run-counts";

const counts = (cronExpression: string, from = "2026-11-23T12:00:00Z") =>
  runCounts(
    { cronExpression, timezone: "Europe/Berlin", dstGap: "first_valid", dstOverlap: "first" },
    Date.parse(from),
  );

it.each([
  ["every 5 minutes of one hour", "*/5 9 * * *", 12, 84],
  ["every 5 minutes", "*/5 * * * *", 288, 2016],
  ["every second", "* * * * * *", 86_400, 604_800],
  ["once on workdays", "0 9 * * 1-5", 1, 5],
  ["once a month", "0 9 1 * *", 0, 0],
])("counts the runs of a cron that fires %s", (_, cron, nextDay, nextWeek) => {
  expect(counts(cron)).toEqual({ nextDay, nextWeek });
});

it("does not count a run at the start, and counts a run at the end", () => {
  // 12:00 UTC is 13:00 in Berlin.
  expect(counts("0 13 * * *", "2026-11-23T12:00:00Z")).toEqual({ nextDay: 1, nextWeek: 7 });
});

it("counts both passes of a repeated hour for an interval job, and one pass for a wall-clock job", () => {
  expect(counts("0 * * * *", "2026-10-24T12:00:00Z")).toEqual({ nextDay: 24, nextWeek: 168 });
  expect(counts("30 2 * * *", "2026-10-24T12:00:00Z")).toEqual({ nextDay: 1, nextWeek: 7 });
});
