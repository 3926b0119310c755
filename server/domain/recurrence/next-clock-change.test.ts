import { expect, test } from "vitest";
import { nextClockChange } from "./next-clock-change";
import type { RecurrenceSpec } from "./spec";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const after = (cronExpression: string, over: Partial<RecurrenceSpec> = {}, nowMs = NOW) =>
  nextClockChange(
    { cronExpression, timezone: "Europe/Berlin", dstGap: "first_valid", dstOverlap: "first", ...over },
    nowMs,
  );

test.each<[string, string, Partial<RecurrenceSpec>, string | null]>([
  ["moves a run to the first valid time", "30 2 * * *", {}, "28 Mar 2027: 02:30 does not exist; runs at 03:00"],
  ["moves a run by the gap", "30 2 * * *", { dstGap: "shift" }, "28 Mar 2027: 02:30 does not exist; runs at 03:30"],
  ["skips a run", "30 2 * * *", { dstGap: "skip" }, "28 Mar 2027: 02:30 does not exist; the run is skipped"],
  [
    "is described even if it affects no run",
    "0 9 * * *",
    {},
    "28 Mar 2027: clocks go forward from 02:00 to 03:00; no run is affected",
  ],
  [
    "is a later change if the very next change affects no run",
    "30 2 * 10 0",
    {},
    "31 Oct 2027: 02:30 occurs twice; runs the first time",
  ],
  ["repeats a run", "30 2 * 10 0", { dstOverlap: "both" }, "31 Oct 2027: 02:30 occurs twice; runs both times"],
  [
    "delays a run to the second time",
    "30 2 * 10 0",
    { dstOverlap: "second" },
    "31 Oct 2027: 02:30 occurs twice; runs the second time",
  ],
  [
    "is in April in the southern hemisphere",
    "30 2 * * *",
    { timezone: "Australia/Sydney" },
    "4 Apr 2027: 02:30 occurs twice; runs the first time",
  ],
  [
    "leaves out a run of an interval of hours",
    "0 */2 * * *",
    {},
    "28 Mar 2027: 02:00 does not exist; no run is in the missing time, and the next is at 04:00",
  ],
  [
    "names the day if all runs of a day are left out",
    "*/15 2 * * *",
    {},
    "28 Mar 2027: 02:00 does not exist; no run is in the missing time, and the next is on 29 Mar 2027 at 02:00",
  ],
  [
    "does not affect a schedule that starts after the change",
    "0 */2 * * *",
    { startAt: Date.parse("2027-06-01T00:00:00Z") },
    "31 Oct 2027: 02:00 occurs twice; an interval runs both times",
  ],
  [
    "repeats a run of an interval of hours, whatever the policy",
    "0 */2 * 10 *",
    { dstOverlap: "first" },
    "31 Oct 2027: 02:00 occurs twice; an interval runs both times",
  ],
  [
    "repeats a run of an interval of minutes, whatever the policy",
    "*/10 * * 10 *",
    { dstOverlap: "second" },
    "31 Oct 2027: 02:00 occurs twice; an interval runs both times",
  ],
  [
    "in spring does not affect an interval of minutes, which keeps its distance in real time",
    "*/10 * * * *",
    {},
    "31 Oct 2027: 02:00 occurs twice; an interval runs both times",
  ],
  [
    "in spring does not affect an hourly run, which keeps its distance in real time",
    "30 * * * *",
    {},
    "31 Oct 2027: 02:30 occurs twice; an interval runs both times",
  ],
  ["is null in UTC", "30 2 * * *", { timezone: "UTC" }, null],
  ["is null after the end of the schedule", "30 2 * * *", { endAt: Date.parse("2027-01-01T00:00Z") }, null],
])("the next clock change %s", (_, cron, over, expected) => {
  expect(after(cron, over)).toBe(expected);
});
