import { describe, expect, it } from "vitest";
import { parseCron } from "~/server/domain/recurrence/parse";
import { type CronPreset, isIntervalCron, presetsOf, presetToCron } from "./cron-preset";

const PRESETS: [string, CronPreset][] = [
  ["* * * * *", { kind: "minutes", every: 1 }],
  ["*/5 * * * *", { kind: "minutes", every: 5 }],
  ["15 * * * *", { kind: "hourly", minute: 15 }],
  ["20 */6 * * *", { kind: "hours", every: 6, minute: 20 }],
  ["30 9 * * *", { kind: "daily", time: "09:30" }],
  ["0 0 * * 1-5", { kind: "weekdays", time: "00:00" }],
  ["5 18 * * 0,3", { kind: "weekly", days: [0, 3], time: "18:05" }],
  ["0 7 31 * *", { kind: "monthly", day: 31, time: "07:00" }],
  ["0 7 L * *", { kind: "monthly", day: "L", time: "07:00" }],
  ["0 7 29 2 *", { kind: "yearly", month: 2, day: 29, time: "07:00" }],
];

const SPELLINGS: [string, CronPreset][] = [
  ["@hourly", { kind: "hourly", minute: 0 }],
  ["@daily", { kind: "daily", time: "00:00" }],
  ["@Midnight", { kind: "daily", time: "00:00" }],
  ["@weekly", { kind: "weekly", days: [0], time: "00:00" }],
  ["@monthly", { kind: "monthly", day: 1, time: "00:00" }],
  ["@yearly", { kind: "yearly", month: 1, day: 1, time: "00:00" }],
  ["@annually", { kind: "yearly", month: 1, day: 1, time: "00:00" }],
  ["0 30 9 * * *", { kind: "daily", time: "09:30" }],
  ["00 09 * * ?", { kind: "daily", time: "09:00" }],
  ["0 9 * * 0-6", { kind: "daily", time: "09:00" }],
  ["0 9 * * MON-SUN", { kind: "daily", time: "09:00" }],
  ["0 9 */1 * *", { kind: "daily", time: "09:00" }],
  ["0 9 1-31 * *", { kind: "daily", time: "09:00" }],
  ["0 9 * JAN-DEC *", { kind: "daily", time: "09:00" }],
  ["0 9 * * MON-FRI", { kind: "weekdays", time: "09:00" }],
  ["0 9 ? * 1,2,3,4,5", { kind: "weekdays", time: "09:00" }],
  ["0 9 * * 1-3,THU,fri", { kind: "weekdays", time: "09:00" }],
  ["0 9 * * 1-3", { kind: "weekly", days: [1, 2, 3], time: "09:00" }],
  ["0 9 * * 1,1", { kind: "weekly", days: [1], time: "09:00" }],
  ["0 9 * * 1-5/2", { kind: "weekly", days: [1, 3, 5], time: "09:00" }],
  ["0 9 * * SAT,7", { kind: "weekly", days: [0, 6], time: "09:00" }],
  ["0 9 1 JAN *", { kind: "yearly", month: 1, day: 1, time: "09:00" }],
  ["*/1 * * * *", { kind: "minutes", every: 1 }],
  ["0,15,30,45 * * * *", { kind: "minutes", every: 15 }],
  ["0-59/10 0-23 * * *", { kind: "minutes", every: 10 }],
  ["0 */1 * * *", { kind: "hourly", minute: 0 }],
  ["*/60 * * * *", { kind: "hourly", minute: 0 }],
  ["0 0-23/2 * * *", { kind: "hours", every: 2, minute: 0 }],
];

/** The times at which a cron fires, without its days, because equal days may be parsed into different rules. */
const timesOf = (cron: string) => {
  const { seconds, minutes, hours, months, kind } = parseCron(cron);
  return { seconds, minutes, hours, months, kind };
};

describe("cron presets", () => {
  it.each(PRESETS)("are written as %s and read from it", (cron, preset) => {
    expect(presetToCron(preset)).toBe(cron);
    expect(presetsOf(cron)[0]).toEqual(preset);
  });

  it.each(SPELLINGS)("are read from %s, with the same times of day", (cron, preset) => {
    expect(presetsOf(cron)[0]).toEqual(preset);
    for (const one of presetsOf(cron)) expect(timesOf(presetToCron(one) as string)).toEqual(timesOf(cron));
  });

  it("include a weekly preset for every day, and for Monday to Friday", () => {
    expect(presetsOf("0 9 * * 0,1,2,3,4,5,6").map(({ kind }) => kind)).toEqual(["daily", "weekly"]);
    expect(presetsOf("0 9 * * 1,2,3,4,5").map(({ kind }) => kind)).toEqual(["weekdays", "weekly"]);
  });

  it("are written with the days of a week in order", () => {
    expect(presetToCron({ kind: "weekly", days: [5, 1], time: "08:00" })).toBe("0 8 * * 1,5");
  });

  it.each([
    "",
    "@reboot",
    "*/7 * * * *",
    "*/5 9 * * *",
    "0 9 1 * 1",
    "0 9 * 1 *",
    "0 9 L 2 *",
    "0 9 L,31 * *",
    "0 9 1,15 * *",
    "0 9 * * 5L",
    "0 9 * * 1#2",
    "0 9,17 * * *",
    "0 9 32 * *",
    "0 0 30 2 *",
    "30 0 9 * * *",
    "60 * * * *",
    "0 9 * *",
    // The same hours as @daily and */6, but across a clock change they fire at other times.
    "0 */24 * * *",
    "0 0,6,12,18 * * *",
  ])("do not exist for %j", (cron) => {
    expect(presetsOf(cron)).toEqual([]);
  });
});

it.each([
  ["0 */2 * * *", true],
  ["*/5 9 * * *", true],
  ["0 0,6,12,18 * * *", false],
  ["0 9 * *", false],
])("%j is an interval, which daylight saving policies do not affect: %s", (cron, expected) => {
  expect(isIntervalCron(cron)).toBe(expected);
});
