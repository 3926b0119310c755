import { describe, expect, it } from "vitest";
import { validateCron } from "./validate";

const now = Date.parse("2026-01-01T00:00Z");

describe("validateCron", () => {
  it.each(["0 9 * * *", "* * * * * *", "0 0 29 2 *", "0 0 * 2 1#5", "0 0 31 4 1", "@hourly"])(
    "accepts %s",
    (expression) => {
      expect(validateCron({ expression, timezone: "Europe/Berlin", now })).toEqual({ ok: true });
    },
  );

  it.each([
    ["0 0 30 2 *", "UTC", "cron_never_fires", "cron_expression"],
    ["every day", "UTC", "cron_invalid", "cron_expression"],
    ["0 0 0 1 1 * 2026", "UTC", "cron_invalid", "cron_expression"],
    ["*/0.1 * * * * *", "UTC", "cron_too_frequent", "cron_expression"],
    ["0 9 * * *", "Europe/Nowhere", "timezone_unknown", "timezone"],
    // An interval job for the single hour that the second Sunday of March does not have.
    ["*/10 2 * 3 0#2", "America/New_York", "cron_never_fires", "cron_expression"],
  ])("refuses %s in %s with %s", (expression, timezone, code, field) => {
    const verdict = validateCron({ expression, timezone, now });
    expect(verdict).toMatchObject({ ok: false, code, field });
    expect(verdict.ok === false && verdict.message.length > 0 && verdict.expected.length > 0).toBe(true);
  });

  it("refuses a job that is always in a gap if dst_gap is skip", () => {
    const job = { expression: "30 2 * 3 0#2", timezone: "America/New_York", now };
    expect(validateCron(job)).toEqual({ ok: true });
    expect(validateCron({ ...job, dstGap: "skip" })).toMatchObject({ ok: false, code: "cron_never_fires" });
  });

  it("refuses 0 0 30 2 * quickly at save time (cron-parser throws only when asked for a date)", () => {
    const started = performance.now();
    for (let i = 0; i < 100; i++) validateCron({ expression: "0 0 30 2 *", timezone: "UTC", now: now + i });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
