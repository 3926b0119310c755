import { describe, expect, it } from "vitest";
import { CronError, parseCron } from "./parse";

const fault = (expression: string): CronError => {
  try {
    parseCron(expression);
  } catch (error) {
    if (error instanceof CronError) return error;
    throw error;
  }
  throw new Error(`${expression} was accepted`);
};

describe("the kind of a cron, as in Vixie cron", () => {
  it.each([
    ["30 2 * * *", "wall_clock"],
    ["0,15,30,45 2-4 * * *", "wall_clock"],
    ["@daily", "wall_clock"],
    ["@monthly", "wall_clock"],
    ["*/10 30 2 * * *", "wall_clock"],
    ["* * * * *", "interval"],
    ["30 * * * *", "interval"],
    ["@hourly", "interval"],
    ["* 2 * * *", "interval"],
    ["*/15 2 * * *", "interval"],
    ["0 */6 * * *", "interval"],
    ["5/15 2 * * *", "interval"],
    ["0 8-18/2 * * *", "interval"],
    ["0 0-23 * * *", "interval"],
  ])("of %s is %s", (expression, kind) => {
    expect(parseCron(expression).kind).toBe(kind);
  });
});

describe("a parsed cron", () => {
  it.each([
    ["0 9 * * *", "0 0 9 * * *"],
    ["  5  0 9 * *\tMON ", "5 0 9 * * MON"],
    ["@hourly", "0 0 * * * *"],
    ["@Daily", "0 0 0 * * *"],
    ["@midnight", "0 0 0 * * *"],
    ["@weekly", "0 0 0 * * 0"],
    ["@monthly", "0 0 0 1 * *"],
    ["@yearly", "0 0 0 1 1 *"],
    ["@annually", "0 0 0 1 1 *"],
  ])("is normalised: %j to %s", (expression, normalised) => {
    expect(parseCron(expression).normalised).toBe(normalised);
  });

  it("is the cached object for the same text", () => {
    expect(parseCron("1 2 3 4 *")).toBe(parseCron("1 2 3 4 *"));
  });

  it("is parsed again after 5,000 other expressions have evicted it from the cache", () => {
    const first = parseCron("59 23 1 1 *");
    for (let i = 0; i < 5000; i++)
      parseCron(`${i % 60} ${Math.floor(i / 60) % 24} ${1 + (Math.floor(i / 1440) % 28)} * *`);
    expect(parseCron("59 23 1 1 *")).not.toBe(first);
    expect(parseCron("59 23 1 1 *")).toEqual(first);
  });

  it("has Sunday for 0 and for 7", () => {
    expect(parseCron("0 0 * * 7").days).toEqual(parseCron("0 0 * * 0").days);
    expect(parseCron("0 0 * * 5-7").days.dow).toBe(0b1100001);
  });

  it("may have Thursday, although H alone is refused", () => {
    expect(parseCron("0 0 * * THU").days.dow).toBe(1 << 4);
  });
});

describe("a refused expression is reported with field and value", () => {
  it.each([
    ["", "cron_invalid", "empty"],
    ["   ", "cron_invalid", "empty"],
    ["* * *", "cron_invalid", "has 3 fields, 5 or 6 are needed"],
    ["*", "cron_invalid", "has 1 field,"],
    ["0 0 0 1 1 * 2026", "cron_invalid", "has 7 fields"],
    ["60 * * * *", "cron_invalid", 'minute: "60": 60 is out of range'],
    ["0 24 * * *", "cron_invalid", 'hour: "24": 24 is out of range'],
    ["0 0 0 * *", "cron_invalid", 'day of month: "0": 0 is out of range'],
    ["0 0 * 13 *", "cron_invalid", 'month: "13": 13 is out of range'],
    ["0 0 * foo *", "cron_invalid", 'month: "foo": "FOO" is not a number or a name such as JAN'],
    ["0 0 * * 8", "cron_invalid", 'day of week: "8": 8 is out of range'],
    ["0 0 * * 1#6", "cron_invalid", 'day of week: "1#6"'],
    ["0 0 * * *#2", "cron_invalid", "needs one weekday"],
    ["0 0 * * L", "cron_invalid", 'day of week: "L"'],
    ["0 0 15W * *", "cron_invalid", 'day of month: "15W"'],
    ["0 22-4 * * *", "cron_invalid", 'hour: "22-4"'],
    ["*/0 * * * *", "cron_invalid", 'minute: "*/0"'],
    ["61 0 0 * * *", "cron_invalid", 'second: "61"'],
    ["H 3 * * *", "cron_invalid", "H (hashed values) is not supported"],
    ["0 0 * * H", "cron_invalid", "H (hashed values) is not supported"],
    ["@reboot", "cron_invalid", '"@reboot" is not a known macro'],
    ["@constructor", "cron_invalid", "is not a known macro"],
    [`0 0 ${"1,".repeat(200)}1 * *`, "cron_invalid", "longer than 256"],
    ["*/0.5 * * * * *", "cron_too_frequent", "more than once a second"],
    ["0 0 30 2 *", "cron_never_fires", 'day of month: "30" does not exist in month "2"'],
    ["0 0 31 4,6 *", "cron_never_fires", "never fires"],
  ])("%j: %s", (expression, code, message) => {
    const error = fault(expression);
    expect([error.code, error.status]).toEqual([code, 422]);
    expect(error.message).toContain(message);
    expect(error.faults).toEqual([{ field: "cron_expression", message: error.message, expected: error.expected }]);
  });
});
