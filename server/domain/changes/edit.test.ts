import { describe, expect, test } from "vitest";
import { aSchedule } from "~/server/testing/schedules";
import type { Schedule } from "../schedule";
import { DEFAULT_SETTINGS } from "../settings";
import { decideEdit } from "./edit";

const NOW = Date.parse("2026-06-01T12:00:30Z");
const at = (time: string) => Date.parse(`2026-06-01T${time}Z`);
const SETTINGS = { ...DEFAULT_SETTINGS, immediateHorizonSeconds: 4 * 3600 };
const CREATED = at("06:00:00");

type Over = Parameters<typeof aSchedule>[0];
const recurring = (over: Over = {}) =>
  aSchedule({
    ...{ scheduleId: "s", cronExpression: "0 * * * *", createdAt: CREATED, updatedAt: CREATED, enabled: true },
    ...over,
    state: { nextExecution: at("13:00:00"), ...over?.state },
  });
const oneTime = (over: Over = {}) =>
  aSchedule({ scheduleId: "s", executionTime: at("13:00:00"), createdAt: CREATED, updatedAt: CREATED, ...over });
const PAUSED = { enabled: false, pausedBy: "ana", pauseNote: "down", pausedAt: at("10:30:00") } as const;

function edit(current: Schedule, changes: Partial<Schedule>) {
  const { state: _, ...definition } = current;
  const built = aSchedule({ ...definition, pausedBy: null, pauseNote: null, pausedAt: null, ...changes });
  const change = decideEdit({ current, built, nowMs: NOW, actor: "me", settings: SETTINGS });
  const { placement, schedule, executions, instances } = change;
  return {
    change,
    next: placement.tier === "redis" ? (placement.plan[0]?.nominalMs ?? null) : placement.nextExecution,
    tier: placement.tier,
    rows: executions.map((row) => `${new Date(row.scheduledFor).toISOString().slice(11, 16)} ${row.reason}`),
    runs: instances.map((one) => new Date(one.nominalMs).toISOString().slice(11, 16)),
    schedule,
  };
}

describe("where the plan continues", () => {
  const overdue = { state: { nextExecution: at("11:00:00") } };
  test.each<[string, Schedule, Partial<Schedule>, { next: number | null; rows?: string[]; runs?: string[] }]>([
    ["another description: where the old plan was", recurring(), { description: "other" }, { next: at("13:00:00") }],
    [
      "another description while late: where the old plan was",
      recurring(overdue),
      { description: "b" },
      { next: at("11:00:00") },
    ],
    ["another cron: from now on", recurring(), { cronExpression: "30 * * * *" }, { next: at("12:30:00") }],
    [
      "another cron while late: due occurrences are superseded",
      recurring(overdue),
      { cronExpression: "30 * * * *" },
      { next: at("12:30:00"), rows: ["11:00 superseded_by_edit", "12:00 superseded_by_edit"] },
    ],
    [
      "disabled while late: due occurrences are skipped",
      recurring(overdue),
      { enabled: false },
      { next: null, rows: ["11:00 paused", "12:00 paused"] },
    ],
    [
      "enabled: missed occurrences follow the policy",
      recurring({ ...PAUSED, state: { nextExecution: null } }),
      { enabled: true },
      { next: at("13:00:00"), rows: ["11:00 paused"], runs: ["12:00"] },
    ],
    [
      "enabled with another cron: no missed occurrence runs",
      recurring({ ...PAUSED, state: { nextExecution: null } }),
      { enabled: true, cronExpression: "30 * * * *" },
      { next: at("12:30:00"), rows: ["11:00 paused", "12:00 paused"] },
    ],
    [
      "paused, with another cron: missed occurrences of the old cron get rows",
      recurring({ ...PAUSED, state: { nextExecution: null } }),
      { enabled: false, cronExpression: "30 * * * *" },
      { next: null, rows: ["11:00 paused", "12:00 paused"] },
    ],
    ["a lower max_runs that is used up", recurring({ state: { runsTaken: 3 } }), { maxRuns: 3 }, { next: null }],
    [
      "a lower max_runs that is used up, while late",
      recurring({ ...overdue, state: { ...overdue.state, runsTaken: 3 } }),
      { maxRuns: 3 },
      { next: null, rows: ["11:00 schedule_ended", "12:00 schedule_ended"] },
    ],
    ["one-time, another time", oneTime(), { executionTime: at("14:00:00") }, { next: at("14:00:00") }],
    [
      "one-time, enabled with a time within the grace: due at once",
      oneTime({ ...PAUSED, state: { nextExecution: null } }),
      { enabled: true, executionTime: at("12:00:00") },
      { next: at("12:00:00") },
    ],
    [
      "one-time that becomes recurring",
      oneTime(),
      { executionTime: null, cronExpression: "0 * * * *" },
      { next: at("13:00:00") },
    ],
  ])("%s", (_, current, changes, expected) => {
    const { next, rows, runs } = edit(current, changes);
    expect({ next, rows, runs }).toEqual({ rows: [], runs: [], ...expected });
  });

  test("a plan that begins beyond the horizon is placed in ClickHouse", () => {
    expect(edit(recurring(), { cronExpression: "0 3 * * *" }).tier).toBe("clickhouse");
  });
});

describe("the edited row", () => {
  test("has the next version, keeps its creation time and counters, and replaces only the version that was edited", () => {
    const current = recurring({ version: 4, state: { revision: 9, executionCount: 12, errorCount: 2 } });
    const { change, schedule } = edit(current, { description: "other" });
    expect(change.expectedVersion).toBe(4);
    expect(schedule).toMatchObject({ version: 5, createdAt: CREATED, description: "other", plannedSince: null });
    expect(schedule.state).toMatchObject({ revision: 10, executionCount: 12, errorCount: 2 });
  });

  test.each<[string, Partial<Schedule>, Partial<Schedule>]>([
    [
      "that is paused stays paused, with its note",
      {},
      { pauseNote: "down", pausedBy: "ana", pausedAt: at("10:30:00") },
    ],
    [
      "that is paused, if its cron or zone changes, counts missed occurrences from now on",
      { timezone: "Europe/Berlin" },
      { pausedAt: NOW, plannedSince: NOW },
    ],
    [
      "that is enabled has no pause",
      { enabled: true },
      { pauseNote: null, pausedBy: null, pausedAt: null, plannedSince: NOW },
    ],
  ])("%s", (_, changes, expected) => {
    expect(edit(recurring({ ...PAUSED, state: { nextExecution: null } }), changes).schedule).toMatchObject(expected);
  });

  test("keeps the bytes of headers that the caller returns as displayed", () => {
    const headers = [["x", "/w==", "base64"]] as const;
    expect(edit(recurring({ headers }), { headers: { x: "base64:/w==" } }).schedule.headers).toEqual(headers);
    expect(edit(recurring({ headers }), { headers: { x: "new" } }).schedule.headers).toEqual({ x: "new" });
  });

  test("keeps the raw value of a delayed message unless the payload changes", () => {
    const current = oneTime({ rawValue: true, payload: '{"event_id":"1"}' });
    expect(edit(current, { description: "d" }).schedule.rawValue).toBe(true);
    expect(edit(current, { payload: "{}" }).schedule.rawValue).toBe(false);
  });
});
