import { describe, expect, it } from "vitest";
import { describeCron } from "./describe";
import { CronError } from "./parse";

describe("the text of describeCron", () => {
  it.each([
    ["0 9 * * 1-5", "Every Monday through Friday at 09:00 (Europe/Berlin)"],
    ["@hourly", "Every hour (Europe/Berlin)"],
    ["0 9 * * *", "Every day at 09:00 (Europe/Berlin)"],
    ["0 9 * 1 *", "Every day at 09:00, in January (Europe/Berlin)"],
    // `*/1` counts as restricted, and matches every day.
    ["0 9 */1 * *", "Every day at 09:00 (Europe/Berlin)"],
    ["0 0 12 L * *", "Every month on the last day at 12:00 (Europe/Berlin)"],
    ["0 8 1 * *", "Every month on day 1 at 08:00 (Europe/Berlin)"],
    ["0 8 1,15 * *", "Every month on days 1 and 15 at 08:00 (Europe/Berlin)"],
    ["0 8 1 1 *", "At 08:00, on day 1 of the month, in January (Europe/Berlin)"],
    ["0 8 * * MON#1", "Every month on the first Monday at 08:00 (Europe/Berlin)"],
    ["0 8 * 1 0", "Every Sunday at 08:00, in January (Europe/Berlin)"],
    ["*/10 9 * * 0", "Every Sunday at 09:00, 09:10, 09:20, 09:30, 09:40 and 09:50 (Europe/Berlin)"],
    ["*/5 9 * * 0", "Every 5 minutes, in hour 09, on Sunday (Europe/Berlin)"],
    ["0 12 1 * 1", "At 12:00, on day 1 of the month or on Monday (Europe/Berlin)"],
    [
      "0 12 1 1 MON#1",
      "At 12:00, on day 1 of the month or on the first Monday of the month, in January (Europe/Berlin)",
    ],
    ["0 12 */2 * 1-5", "At 12:00, on days 1, 3, 5, …, 31 of the month or on Monday through Friday (Europe/Berlin)"],
    ["*/90 * * * *", "Every hour (Europe/Berlin)"],
    // Two restricted day fields are joined by OR. A field with a step counts as restricted even if it matches every
    // day, so `*/1` or Monday is every day.
    ["*/5 * */1 * 1", "Every 5 minutes (Europe/Berlin)"],
    ["0 0 * * 7/2", "Every Sunday at 00:00 (Europe/Berlin)"],
    ["*/7 * * * *", "At minutes 0, 7, 14, …, 56 of each hour (Europe/Berlin)"],
    ["*/10 9-17 * * *", "Every 10 minutes, in hours 09 through 17 (Europe/Berlin)"],
    ["0 */6 * * *", "Every 6 hours (Europe/Berlin)"],
    ["30 */6 * * *", "Every day at 00:30, 06:30, 12:30 and 18:30 (Europe/Berlin)"],
    ["*/30 * * * * *", "Every 30 seconds (Europe/Berlin)"],
    ["0-1 0 */8 * * *", "At seconds 0 and 1 of minute 0, in hours 00, 08 and 16 (Europe/Berlin)"],
    ["0 9 * * 1,3,5", "Every Monday, Wednesday and Friday at 09:00 (Europe/Berlin)"],
    [
      "0 9 L 3,6,9,12 *",
      "At 09:00, on the last day of the month, in March, June, September and December (Europe/Berlin)",
    ],
  ])("%s: %s", (expression, text) => {
    expect(describeCron(expression, "Europe/Berlin").text).toBe(text);
  });
});

it("describeCron throws for a cron that cannot fire", () => {
  expect(() => describeCron("0 0 30 2 *", "UTC")).toThrow(CronError);
});

describe("the warnings of describeCron", () => {
  it.each([
    ["30 9 * * *", []],
    ["*/10 * * * * *", [/more than once a minute: 6 times/]],
    ["30 9 1 * 1", [/either of them matches/]],
    ["30 9 31 * *", [/without a day 31 are skipped/]],
    ["30 9 30 * *", [/without a day 30 are skipped/]],
    ["30 9 29 * *", [/leap years/]],
    ["30 9 31 1,3 *", []],
    ["30 9 31 * 1", [/either of them matches/]],
    ["30 9 L * *", []],
    ["30 9 1,31 * *", []],
    ["0 0 * * *", [/Many schedules fire at 00:00/]],
    ["@daily", [/Many schedules fire at 00:00/]],
    ["*/7 * * * *", [/60 is not a multiple of 7/]],
    ["*/90 * * * *", [/means 0 only/]],
    ["*/60 * * * *", [/"\*\/60" in minute means 0 only/]],
    ["*/60 30 9 * * *", [/"\*\/60" in second means 0 only/]],
    ["30 */24 * * *", [/"\*\/24" in hour means 0 only/]],
    ["*/30 */12 * * *", []],
    ["0 */5 * * *", [/24 is not a multiple of 5/]],
  ])("%s", (expression, expected) => {
    const { warnings } = describeCron(expression, "UTC");
    expect(warnings).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(warnings[index]).toMatch(pattern);
  });
});
