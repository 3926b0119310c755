import { cancelledExecutions, overdueExecutions } from "../ledger";
import { isRecurring } from "../plan";
import { PAST_GRACE_MS, type Schedule } from "../schedule";
import type { Settings } from "../settings";
import type { ScheduleChange } from "./change";
import { endSchedule, placeSchedule } from "./place-schedule";
import { type MissedChoice, missedRows, settleMissed } from "./settle-missed";

/** `nowMs` is epoch ms. */
export interface ChangeInput {
  current: Schedule;
  nowMs: number;
  actor: string;
  settings: Settings;
}

function nextVersion(input: ChangeInput, changes: Partial<Schedule>): Schedule {
  const { current, nowMs } = input;
  const state = { ...current.state, revision: current.state.revision + 1 };
  return { ...current, ...changes, updatedAt: nowMs, version: current.version + 1, state };
}

/** Pauses a schedule. A second pause replaces actor, note and end, and keeps the start of the first pause. */
export function pauseChange(input: ChangeInput & { note: string | null; untilMs: number | null }): ScheduleChange {
  const { current, nowMs, actor, settings, note, untilMs } = input;
  const schedule = nextVersion(input, {
    enabled: false,
    pauseNote: note,
    pausedBy: actor,
    pausedAt: current.pausedAt ?? nowMs,
    pausedUntil: untilMs,
  });
  // An overdue one-time occurrence gets no row, because the resume may still run it.
  const executions = isRecurring(current)
    ? overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason: "paused", actor, note })
    : [];
  return {
    ...placeSchedule({ schedule, afterMs: nowMs, nowMs, settings }),
    expectedVersion: current.version,
    executions,
    instances: [],
  };
}

/** Resumes a schedule; `settleMissed` selects the missed occurrences to run. */
export function resumeChange(input: ChangeInput & { missed: MissedChoice | undefined }): ScheduleChange {
  const { current, nowMs, actor, settings, missed } = input;
  const schedule = nextVersion(input, {
    enabled: true,
    pauseNote: null,
    pausedBy: null,
    pausedAt: null,
    pausedUntil: null,
    plannedSince: nowMs,
  });
  const { afterMs, executions, instances } = settleMissed({ schedule: current, nowMs, missed, actor });
  // The only occurrence was skipped.
  const hasEnded = !isRecurring(current) && executions.length > 0;
  if (hasEnded) return { ...endSchedule(schedule), expectedVersion: current.version, executions, instances };
  const placed = placeSchedule({ schedule, afterMs, nowMs, settings, caughtUp: instances.length });
  return { ...placed, expectedVersion: current.version, executions, instances };
}

/** Deletes a schedule. Its history stays. Due, missed and one-time occurrences that have not run get ledger rows. */
export function deleteChange(input: ChangeInput): ScheduleChange {
  const { current, nowMs, actor } = input;
  const schedule = nextVersion(input, {});
  return {
    schedule: { ...schedule, state: { ...schedule.state, tier: "clickhouse", deleted: true, nextExecution: null } },
    placement: { tier: "clickhouse", nextExecution: null },
    expectedVersion: current.version,
    executions: [
      ...missedRows({ schedule: current, nowMs, actor }),
      ...cancelledExecutions({ schedule: current, nowMs, actor }),
    ],
    instances: [],
  };
}

/** Changes the tags and keeps the next occurrence. */
export function retagChange(input: ChangeInput & { tags: string[] }): ScheduleChange {
  const { current, nowMs, settings, tags } = input;
  const planned = current.state.nextExecution;
  // The plan starts again at its next occurrence. A one-time schedule keeps its occurrence, even if overdue.
  const recurringAfter = planned === null ? nowMs : planned - 1;
  const afterMs = isRecurring(current) ? recurringAfter : nowMs - PAST_GRACE_MS - 1;
  const placed = placeSchedule({ schedule: nextVersion(input, { tags }), afterMs, nowMs, settings });
  return { ...placed, expectedVersion: current.version, executions: [], instances: [] };
}
