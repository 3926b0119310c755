import { describe, expect, test } from "vitest";
import { newSchedule } from "../new-schedule";
import { DEFAULT_SETTINGS } from "../settings";
import { pauseChange, resumeChange } from "./changes";

const NOW = Date.UTC(2027, 0, 1);
const HOUR = 3_600_000;
const base = { actor: "a", settings: DEFAULT_SETTINGS };

describe("the resume of a one-time schedule whose time has passed", () => {
  const created = newSchedule({ scheduleId: "s", nowMs: NOW, executionTime: NOW + HOUR });
  const { schedule: current } = pauseChange({ ...base, current: created, nowMs: NOW, note: null, untilMs: null });
  const resume = (missed?: "none" | "last" | "all") =>
    resumeChange({ ...base, current, nowMs: NOW + 2 * HOUR, missed });

  test("runs it at once by default", () => {
    const { schedule, placement, executions } = resume();
    expect(placement).toEqual({ tier: "redis", plan: [{ nominalMs: NOW + HOUR, effectiveMs: NOW + HOUR }] });
    expect([schedule.state.completed, executions]).toEqual([false, []]);
  });

  test("with `none`, records it as skipped and does not run it", () => {
    const { schedule, placement, executions } = resume("none");
    expect(placement).toEqual({ tier: "clickhouse", nextExecution: null });
    expect(schedule.state).toMatchObject({ completed: true, nextExecution: null });
    expect(executions).toMatchObject([{ outcome: "skipped", reason: "paused", scheduledFor: NOW + HOUR }]);
  });
});
