import type { Execution } from "../execution";
import { overdueExecutions } from "../ledger";
import { type MessageHeaders, readableHeaders } from "../message-headers";
import { isRecurring, runsLeft } from "../plan";
import { PAST_GRACE_MS, type Schedule } from "../schedule";
import type { ScheduleChange } from "./change";
import type { ChangeInput } from "./changes";
import { placeSchedule } from "./place-schedule";
import { settleMissed } from "./settle-missed";
import { timesDiffer } from "./times";

/**
 * The effect of an edit: the new row, the placement, and the outcome of occurrences that are no longer planned.
 *
 * @param built the submitted definition, built like a new schedule. Fields that an edit keeps come from `current`
 */
export function decideEdit(input: ChangeInput & { built: Schedule }): ScheduleChange {
  const { current, nowMs, actor, settings } = input;
  const edited = editedRow(input);
  const timesChange = timesDiffer(current, edited);
  const missed = missedByPause(input, edited);
  const placed = placeSchedule({
    schedule: edited,
    afterMs: planAfterMs({ current, edited, nowMs, missedAfterMs: missed?.afterMs }),
    nowMs,
    settings,
    caughtUp: missed?.instances.length,
  });
  const leavesPlan = isRecurring(current) && current.enabled && (timesChange || !edited.enabled);
  const skipped = { schedule: current, nowMs, actor, outcome: "skipped" } as const;
  const reason = timesChange ? "superseded_by_edit" : "paused";
  const executions =
    missed?.executions ??
    (leavesPlan ? overdueExecutions({ ...skipped, reason }) : endedByMaxRuns({ current, edited, nowMs, actor }));
  return { ...placed, expectedVersion: current.version, executions, instances: missed?.instances ?? [] };
}

function editedRow({ current, built, nowMs }: ChangeInput & { built: Schedule }): Schedule {
  const timesChange = timesDiffer(current, built);
  const { enabled } = built;
  return {
    ...built,
    rawValue: current.rawValue && built.payload === current.payload,
    headers: keptHeaders(current.headers, built.headers),
    createdAt: current.createdAt,
    pauseNote: enabled ? null : current.pauseNote,
    pausedBy: enabled ? null : current.pausedBy,
    // This edit writes the rows of the missed old times, so new times count as missed only from now on.
    pausedAt: enabled ? null : timesChange ? nowMs : (current.pausedAt ?? nowMs),
    plannedSince: timesChange || (enabled && !current.enabled) ? nowMs : current.plannedSince,
    pausedUntil: enabled ? null : current.pausedUntil,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
}

/**
 * Decides the missed occurrences of a paused recurring schedule if the edit ends the pause or changes the times;
 * otherwise null. The catch-up policy selects the occurrences to run. If the times changed, none runs.
 */
function missedByPause({ current, nowMs, actor }: ChangeInput, edited: Schedule) {
  const timesChange = timesDiffer(current, edited);
  if (current.enabled || !isRecurring(current) || !(timesChange || edited.enabled)) return null;
  const schedule = { ...current, maxRuns: edited.maxRuns };
  return settleMissed({ schedule, nowMs, actor, missed: timesChange ? "none" : undefined });
}

/** The time after which the new plan starts, epoch ms: now if the times change (semantics §4.7). */
function planAfterMs(input: {
  current: Schedule;
  edited: Schedule;
  nowMs: number;
  missedAfterMs: number | undefined;
}): number {
  const { current, edited, nowMs } = input;
  // A one-time schedule keeps its occurrence, even if overdue.
  if (!isRecurring(edited)) return nowMs - PAST_GRACE_MS - 1;
  if (timesDiffer(current, edited)) return nowMs;
  if (edited.enabled && input.missedAfterMs !== undefined) return input.missedAfterMs;
  const planned = current.state.nextExecution;
  return planned === null ? nowMs : planned - 1;
}

/**
 * Rows of the due, unclaimed occurrences if the edit's `max_runs` is used up, as many as the former `max_runs` allowed.
 */
function endedByMaxRuns(input: { current: Schedule; edited: Schedule; nowMs: number; actor: string }): Execution[] {
  const { current, edited, nowMs, actor } = input;
  if (!isRecurring(current) || !current.enabled || runsLeft(edited, 0) !== 0) return [];
  const leftBefore = runsLeft(current, 0) ?? undefined;
  const reason = "schedule_ended";
  const rows = overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason, actor });
  // Rows with another reason are of `dst_gap: skip`, and `max_runs` does not count them.
  return [
    ...rows.filter((row) => row.reason !== reason),
    ...rows.filter((row) => row.reason === reason).slice(0, leftBefore),
  ];
}

/** Keeps the original headers if the caller returned them as displayed, because the display loses bytes. */
function keptHeaders(current: MessageHeaders, submitted: MessageHeaders): MessageHeaders {
  return JSON.stringify(readableHeaders(current)) === JSON.stringify(submitted) ? current : submitted;
}
