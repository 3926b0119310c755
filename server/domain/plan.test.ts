import { describe, expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import { effectiveTime } from "./jitter";
import { nearOccurrences, PLAN_AHEAD, planAfter, runsLeft } from "./plan";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const HOUR = 3_600_000;
const plan = (over: Parameters<typeof aSchedule>[0], more: Partial<Parameters<typeof planAfter>[0]> = {}) =>
  planAfter({ schedule: aSchedule(over), afterMs: NOW, nowMs: NOW, horizonMs: 24 * HOUR, runsLeft: null, ...more });

describe("the plan of a schedule", () => {
  test("has the single occurrence of a one-time schedule within the horizon, and then ends", () => {
    const { near, nextBeyondMs, ended } = plan({ executionTime: NOW + HOUR });
    expect(near).toEqual([{ nominalMs: NOW + HOUR, effectiveMs: NOW + HOUR }]);
    expect({ nextBeyondMs, ended }).toEqual({ nextBeyondMs: null, ended: true });
  });

  test("is empty for a one-time schedule beyond the horizon", () => {
    expect(plan({ executionTime: NOW + 25 * HOUR })).toEqual({ near: [], nextBeyondMs: NOW + 25 * HOUR, ended: false });
  });

  test("has the occurrence of an overdue one-time schedule", () => {
    expect(plan({ executionTime: NOW - HOUR }).near).toEqual([{ nominalMs: NOW - HOUR, effectiveMs: NOW - HOUR }]);
  });

  test("has at most 16 occurrences of a frequent cron", () => {
    const { near, nextBeyondMs, ended } = plan({ cronExpression: "*/2 * * * * *" });
    expect(near).toHaveLength(PLAN_AHEAD);
    expect(near.map((o) => o.nominalMs)).toEqual(near.map((_, i) => NOW + 2000 * (i + 1)));
    expect({ nextBeyondMs, ended }).toEqual({ nextBeyondMs: null, ended: false });
  });

  test("gives the first occurrence beyond the horizon if the plan is not full", () => {
    const { near, nextBeyondMs } = plan({ cronExpression: "0 12 * * *" }, { horizonMs: 30 * HOUR });
    expect(near.map((o) => o.nominalMs)).toEqual([NOW + 12 * HOUR]);
    expect(nextBeyondMs).toBe(NOW + 36 * HOUR);
  });

  test("stops at end_at, the end included", () => {
    const { near, ended } = plan({ cronExpression: "0 * * * *", endAt: NOW + 2 * HOUR });
    expect(near.map((o) => o.nominalMs)).toEqual([NOW + HOUR, NOW + 2 * HOUR]);
    expect(ended).toBe(true);
  });

  test("stops when max_runs is used up", () => {
    const { near, ended } = plan({ cronExpression: "0 * * * *" }, { runsLeft: 3 });
    expect(near).toHaveLength(3);
    expect(ended).toBe(true);
  });

  test("continues from the last nominal time, never from now", () => {
    const { near } = plan({ cronExpression: "0 * * * *" }, { afterMs: NOW - 3 * HOUR, limit: 2 });
    expect(near.map((o) => o.nominalMs)).toEqual([NOW - 2 * HOUR, NOW - HOUR]);
  });

  test("delays effective times by jitter, to before the next nominal time", () => {
    const { near } = plan({ cronExpression: "* * * * *", jitterSeconds: 3600 });
    for (const { nominalMs, effectiveMs } of near) {
      expect(effectiveMs).toBeGreaterThanOrEqual(nominalMs);
      expect(effectiveMs).toBeLessThan(nominalMs + 60_000);
    }
  });
});

describe("the plan from the next occurrence on", () => {
  const jittered = (nextExecution: number, over: Parameters<typeof aSchedule>[0] = {}) =>
    aSchedule({ cronExpression: "*/10 * * * *", jitterSeconds: 7200, ...over, state: { nextExecution } });
  const TEN_MINUTES = 600_000;

  test("begins with an overdue occurrence and has all after it", () => {
    const schedule = jittered(NOW - 2 * TEN_MINUTES);
    const near = nearOccurrences(schedule, { nowMs: NOW + 1, horizonMs: TEN_MINUTES });
    expect(near.map(({ nominalMs }) => nominalMs - NOW)).toEqual([-2, -1, 0, 1].map((n) => n * TEN_MINUTES));
  });

  test.each([
    { horizonMs: 24 * HOUR, length: PLAN_AHEAD },
    { horizonMs: 1, length: 1 },
  ])("delays an occurrence of earlier time zone rules by its jitter too, with a horizon of $horizonMs ms", (row) => {
    // The cron has no occurrence at this time.
    const nominalMs = NOW - TEN_MINUTES / 2;
    const schedule = jittered(nominalMs);
    const near = nearOccurrences(schedule, { nowMs: NOW - 1, horizonMs: row.horizonMs - 1 });
    const effectiveMs = effectiveTime({ ...schedule, nominalMs, nextNominalMs: NOW });
    expect(effectiveMs).toBeGreaterThan(nominalMs);
    expect(near[0]).toEqual({ nominalMs, effectiveMs });
    expect(near).toHaveLength(row.length);
  });

  test("counts an occurrence of earlier time zone rules as one of max_runs", () => {
    const schedule = jittered(NOW - 1, { maxRuns: 2 });
    const near = nearOccurrences(schedule, { nowMs: NOW - 1, horizonMs: HOUR });
    expect(near.map(({ nominalMs }) => nominalMs)).toEqual([NOW - 1, NOW]);
  });
});

test.each([
  { maxRuns: null, taken: 5, planned: 1, left: null },
  { maxRuns: 10, taken: 5, planned: 1, left: 4 },
  { maxRuns: 10, taken: 10, planned: 0, left: 0 },
  { maxRuns: 3, taken: 5, planned: 0, left: 0 },
])("max_runs $maxRuns with $taken taken and $planned planned leaves $left", (row) => {
  const schedule = aSchedule({ maxRuns: row.maxRuns, state: { runsTaken: row.taken } });
  expect(runsLeft(schedule, row.planned)).toBe(row.left);
});
