import { describe, expect, it } from "vitest";
import { type CronPreset, cronToPreset, presetToCron } from "./cron-preset";

const PRESETS: [string, CronPreset][] = [
  ["* * * * *", { kind: "minutes", every: 1 }],
  ["*/5 * * * *", { kind: "minutes", every: 5 }],
  ["15 * * * *", { kind: "hourly", minute: 15 }],
  ["30 9 * * *", { kind: "daily", time: "09:30" }],
  ["0 0 * * 1-5", { kind: "weekdays", time: "00:00" }],
  ["5 18 * * 0,3", { kind: "weekly", days: [0, 3], time: "18:05" }],
  ["0 7 31 * *", { kind: "monthly", day: 31, time: "07:00" }],
  ["0 7 L * *", { kind: "monthly", day: "L", time: "07:00" }],
];

describe("presets of a cadence", () => {
  it.each(PRESETS)("%s is written and read back", (cron, preset) => {
    expect(presetToCron(preset)).toBe(cron);
    expect(cronToPreset(cron)).toEqual(preset);
  });

  it("reads a sixth field that is 0", () => {
    expect(cronToPreset("0 30 9 * * *")).toEqual({ kind: "daily", time: "09:30" });
  });

  it("writes the days of a week in order", () => {
    expect(presetToCron({ kind: "weekly", days: [5, 1], time: "08:00" })).toBe("0 8 * * 1,5");
  });

  it.each([
    "",
    "@daily",
    "*/7 * * * *",
    "*/5 9 * * *",
    "0 9 * 1 *",
    "0 9 1 * 1",
    "0 9 * * 1-3",
    "0 9 * * 1,1",
    "0 9 32 * *",
    "30 0 9 * * *",
    "60 * * * *",
    "0 9 * *",
  ])("treats %j as custom", (cron) => {
    expect(cronToPreset(cron)).toEqual({ kind: "custom" });
  });
});
