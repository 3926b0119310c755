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
 * The whole effect of an edit: the new row, where its plan goes on, and what becomes of the occurrences that the old
 * plan leaves behind.
 *
 * @param built the definition as a new schedule; what an edit keeps is taken from `current`
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
    // The misses of the old times get their rows with this edit; the new times miss from now on.
    pausedAt: enabled ? null : timing ? nowMs : (current.pausedAt ?? nowMs),
    plannedSince: timing || (enabled && !current.enabled) ? nowMs : current.plannedSince,
    pausedUntil: enabled ? null : current.pausedUntil,
    version: current.version + 1,
    state: { ...current.state, revision: current.state.revision + 1 },
  };
}

/**
 * The misses of a pause that the edit ends, or whose times it changes; null without either. They follow the catch-up
 * policy, but none of them runs if the times are others now.
 */
function missedByPause({ current, nowMs, actor }: ChangeInput, edited: Schedule) {
  const timing = timesDiffer(current, edited);
  if (current.enabled || !isRecurring(current) || !(timing || edited.enabled)) return null;
  const schedule = { ...current, maxRuns: edited.maxRuns };
  return settleMissed({ schedule, nowMs, actor, missed: timing ? "none" : undefined });
}

/** The plan goes on after this: new times from now on (semantics §4.7), others where it was. Epoch ms. */
function planAfterMs(input: {
  current: Schedule;
  edited: Schedule;
  nowMs: number;
  missedAfterMs: number | undefined;
}): number {
  const { current, edited, nowMs } = input;
  // Due at once where it lies in the grace, as for a new schedule.
  if (!isRecurring(edited)) return nowMs - PAST_GRACE_MS - 1;
  if (timesDiffer(current, edited)) return nowMs;
  if (edited.enabled && input.missedAfterMs !== undefined) return input.missedAfterMs;
  const planned = current.state.nextExecution;
  return planned === null ? nowMs : planned - 1;
}

/**
 * The rows that a lower `max_runs`, which is used up already, needs: occurrences that were due under the higher one and
 * not claimed.
 */
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

/** Headers that a caller sent back as they are shown keep the bytes that showing them leaves out. */
function keptHeaders(current: MessageHeaders, given: MessageHeaders): MessageHeaders {
  return JSON.stringify(readableHeaders(current)) === JSON.stringify(given) ? current : given;
}
