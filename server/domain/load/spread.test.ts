import { describe, expect, it } from "vitest";
import { fixedMinute } from "./slot";
import { spreadTimes } from "./spread";

const NO_CHANGE = { jitterSeconds: null, spreadMinutes: null };
const schedule = (over: object = {}) => ({ scheduleId: "s-1", cronExpression: "0 9 * * *", jitterSeconds: 0, ...over });

describe("spreadTimes", () => {
  it.each([
    ["sets the jitter", schedule(), { jitterSeconds: 300 }, { cronExpression: "0 9 * * *", jitterSeconds: 300 }],
    [
      "changes nothing if the schedule already has the jitter",
      schedule({ jitterSeconds: 300 }),
      { jitterSeconds: 300 },
      null,
    ],
    ["does not change one-time schedules", schedule({ cronExpression: null }), { jitterSeconds: 300 }, null],
    [
      "does not change a cron without a fixed minute",
      schedule({ cronExpression: "*/5 * * * *" }),
      { spreadMinutes: 15 },
      null,
    ],
  ])("%s", (_, before, change, expected) => {
    expect(spreadTimes(before, { ...NO_CHANGE, ...change })).toEqual(expected);
  });

  it("spreads many schedules evenly over the minutes of the block, and keeps the hour", () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 15_000; n++) {
      const cron = spreadTimes(schedule({ scheduleId: `s-${n}` }), { ...NO_CHANGE, spreadMinutes: 15 })?.cronExpression;
      const minute = fixedMinute(cron ?? "0 9 * * *") as number;
      counts.set(minute, (counts.get(minute) ?? 0) + 1);
      if (cron !== undefined) expect(cron).toBe(`${minute} 9 * * *`);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, minute) => minute));
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it.each([[0], [7], [44], [59]])("changes nothing a second time: minute %i", (minute) => {
    for (let n = 0; n < 50; n++) {
      const before = schedule({ scheduleId: `s-${n}`, cronExpression: `${minute} 9 * * *` });
      const change = { ...NO_CHANGE, spreadMinutes: 10 };
      const spread = spreadTimes(before, change);
      if (spread !== null) expect(spreadTimes({ ...before, ...spread }, change)).toBeNull();
    }
  });
});
