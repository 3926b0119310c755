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
 * The effect of an edit: the new row, its placement, and the outcome of the occurrences that the old plan leaves.
 *
 * @param built the definition as a new schedule; `current` provides what an edit keeps
 */
export function decideEdit(input: ChangeInput & { built: Schedule }): ScheduleChange {
  const { current, nowMs, actor, settings } = input;
  const edited = editedRow(input);
  const timing = timesDiffer(current, edited);
  const missed = missedByPause(input, edited);
  const placed = placeSchedule({
    schedule: edited,
    afterMs: planAfterMs({ current, edited, nowMs, missedAfterMs: missed?.afterMs }),
    nowMs,
    settings,
    caughtUp: missed?.instances.length,
  });
  const leavesPlan = isRecurring(current) && current.enabled && (timing || !edited.enabled);
  const left = { schedule: current, nowMs, actor, outcome: "skipped" } as const;
  const reason = timing ? "superseded_by_edit" : "paused";
  const executions =
    missed?.executions ??
    (leavesPlan ? overdueExecutions({ ...left, reason }) : endedByMaxRuns({ current, edited, nowMs, actor }));
  return { ...placed, expectedVersion: current.version, executions, instances: missed?.instances ?? [] };
}

function editedRow({ current, built, nowMs }: ChangeInput & { built: Schedule }): Schedule {
  const timing = timesDiffer(current, built);
  const { enabled } = built;
  return {
    ...built,
    rawValue: current.rawValue && built.payload === current.payload,
    headers: keptHeaders(current.headers, built.headers),
    createdAt: current.createdAt,
    pauseNote: enabled ? null : current.pauseNote,
    pausedBy: enabled ? null : current.pausedBy,
    // This edit writes the missed rows of the old times; the new times are missed from now on.
    pausedAt: enabled ? null : timing ? nowMs : (current.pausedAt ?? nowMs),
    plannedSince: timing || (enabled && !current.enabled) ? nowMs : current.plannedSince,
    pausedUntil: enabled ? null : current.pausedUntil,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
}

/**
 * The missed occurrences of a pause that the edit ends, or whose times it changes; null otherwise. The catch-up policy
 * applies, but none of them runs if the times changed.
 */
function missedByPause({ current, nowMs, actor }: ChangeInput, edited: Schedule) {
  const timing = timesDiffer(current, edited);
  if (current.enabled || !isRecurring(current) || !(timing || edited.enabled)) return null;
  const schedule = { ...current, maxRuns: edited.maxRuns };
  return settleMissed({ schedule, nowMs, actor, missed: timing ? "none" : undefined });
}

/** The start of the new plan, epoch ms: now for new times (semantics §4.7), else where the old plan was. */
function planAfterMs(input: {
  current: Schedule;
  edited: Schedule;
  nowMs: number;
  missedAfterMs: number | undefined;
}): number {
  const { current, edited, nowMs } = input;
  // Due at once if it is within the grace, as for a new schedule.
  if (!isRecurring(edited)) return nowMs - PAST_GRACE_MS - 1;
  if (timesDiffer(current, edited)) return nowMs;
  if (edited.enabled && input.missedAfterMs !== undefined) return input.missedAfterMs;
  const planned = current.state.nextExecution;
  return planned === null ? nowMs : planned - 1;
}

/** Rows of due, unclaimed occurrences that a lower `max_runs`, which is used up already, no longer allows. */
function endedByMaxRuns(input: { current: Schedule; edited: Schedule; nowMs: number; actor: string }): Execution[] {
  const { current, edited, nowMs, actor } = input;
  if (!isRecurring(current) || !current.enabled || runsLeft(edited, 0) !== 0) return [];
  const leftBefore = runsLeft(current, 0) ?? undefined;
  const reason = "schedule_ended";
  const rows = overdueExecutions({ schedule: current, nowMs, outcome: "skipped", reason, actor });
  return [
    ...rows.filter((row) => row.reason !== reason),
    ...rows.filter((row) => row.reason === reason).slice(0, leftBefore),
  ];
}

/** Keeps the original headers if the caller sent them back as displayed, because the display loses bytes. */
function keptHeaders(current: MessageHeaders, submitted: MessageHeaders): MessageHeaders {
  return JSON.stringify(readableHeaders(current)) === JSON.stringify(submitted) ? current : submitted;
}
