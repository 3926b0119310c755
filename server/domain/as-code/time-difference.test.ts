import { expect, it } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import type { Schedule } from "../schedule";
import { timeDifference } from "./time-difference";

// A Monday.
const NOW = Date.parse("2027-03-22T08:30:00Z");
type Over = Parameters<typeof aSchedule>[0];
const daily = (over: Over = {}) =>
  aSchedule({ cronExpression: "0 9 * * *", timezone: "Europe/Berlin", enabled: true, ...over });
const once = (time: string, over: Over = {}) =>
  aSchedule({ cronExpression: null, executionTime: Date.parse(time), timezone: "UTC", enabled: true, ...over });

it.each<[string, Schedule | null, Schedule | null, string]>([
  [
    "fewer hours of the day",
    daily({ cronExpression: "0 */8 * * *" }),
    daily({ cronExpression: "0 9 * * *" }),
    "14 runs fewer in the next 7 days; next run moves from 2027-03-22T16:00:00+01:00 to 2027-03-23T09:00:00+01:00",
  ],
  [
    "another zone, across the clock change of 28 March",
    daily({ cronExpression: "30 2 * * *", dstGap: "skip" }),
    daily({ cronExpression: "30 2 * * *", dstGap: "skip", timezone: "UTC" }),
    "1 run more in the next 7 days; next run moves from 2027-03-23T02:30:00+01:00 to 2027-03-23T02:30:00+00:00",
  ],
  [
    "another payload",
    daily(),
    daily({ payload: '{"n":2}' }),
    "7 runs in the next 7 days, as before; next run stays 2027-03-23T09:00:00+01:00",
  ],
  ["a new schedule", null, daily(), "7 runs more in the next 7 days; next run 2027-03-23T09:00:00+01:00"],
  ["a removal", daily(), null, "7 runs fewer in the next 7 days; no next run, instead of 2027-03-23T09:00:00+01:00"],
  ["a paused schedule", daily({ enabled: false }), null, "no run in the next 7 days"],
  [
    "a limit of runs",
    daily(),
    daily({ maxRuns: 2 }),
    "5 runs fewer in the next 7 days; next run stays 2027-03-23T09:00:00+01:00",
  ],
  [
    "a time within the week and one after it",
    once("2027-03-23T00:00:00Z"),
    once("2027-04-23T00:00:00Z"),
    "1 run fewer in the next 7 days; next run moves from 2027-03-23T00:00:00+00:00 to 2027-04-23T00:00:00+00:00",
  ],
])("%s", (_, before, after, text) => {
  expect(timeDifference(before, after, NOW).text).toBe(text);
});
