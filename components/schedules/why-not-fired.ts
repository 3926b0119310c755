import type { PauseAll } from "~/components/pause-all/use-pause-all";
import { formatCounted } from "~/components/ui/format";
import { endReasonLabel, endReasonText } from "~/components/ui/reasons";
import type { SkipReason } from "~/server/domain/choices";
import { OVERDUE_AFTER_MS } from "~/server/domain/health-limits";
import { latestEffectiveTime } from "~/server/domain/jitter";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionRow } from "~/server/domain/views";
import type { ShownSchedule } from "./shown-schedule";

/** One answer to "why didn't it fire?". */
export interface Finding {
  tone: "info" | "warning" | "danger";
  text: string;
  /** ISO 8601. Shown after `text` and `atWords`. Without `atWords`, shown before `text`. */
  at: string | null;
  /** The words between `text` and `at`. */
  atWords?: string;
  /** Sentences after `at`. */
  rest?: string;
  executionId?: string;
}

/** The fields of a schedule that decide whether it fires. */
type FiringState = Pick<
  ShownSchedule,
  | "status"
  | "pausedBy"
  | "pausedUntil"
  | "pauseNote"
  | "nextExecution"
  | "startAt"
  | "endAt"
  | "maxRuns"
  | "runsTaken"
  | "cronExpression"
  | "jitterSeconds"
>;

const SKIPPED = {
  paused: "Skipped: the schedule was paused.",
  catch_up_policy: "Skipped: the run was missed, and the catch-up policy did not select it.",
  superseded_by_edit: "Skipped: an edit replaced this run.",
  dst_gap: "Skipped: the local time did not exist (daylight saving).",
  schedule_ended: "Skipped: the schedule had ended.",
} as const satisfies Record<SkipReason, string>;

/** Also accepts a reason that is not in `SKIPPED`, because another release may have written it. */
function skippedText(reason: string | null): string {
  if (reason !== null && Object.hasOwn(SKIPPED, reason)) return SKIPPED[reason as SkipReason];
  return `Skipped: ${reason === null ? "no reason was recorded" : endReasonText(reason)}.`;
}

/**
 * Why the schedule does not fire now, by its state and the pause of all firing; empty for no reason. `pauseAll` is
 * undefined while it is unknown.
 */
export function currentReasons(schedule: FiringState, nowMs: number, pauseAll?: PauseAll): Finding[] {
  const { status, nextExecution, startAt, endAt, maxRuns, jitterSeconds } = schedule;
  if (status === "paused") {
    const text = `Paused by ${schedule.pausedBy === null ? "someone" : shownActor(schedule.pausedBy)}`;
    return [{ tone: "warning", text, at: schedule.pausedUntil, atWords: " until", rest: noteText(schedule.pauseNote) }];
  }
  if (status === "disabled") return [{ tone: "warning", text: "Disabled until someone resumes it.", at: null }];
  if (status === "completed") {
    if (schedule.cronExpression === null)
      return [{ tone: "info", text: "Completed: a one-time schedule fires once.", at: null }];
    if (maxRuns !== null && schedule.runsTaken !== null && schedule.runsTaken >= maxRuns) {
      return [
        { tone: "info", text: `Completed: it reached its maximum of ${formatCounted(maxRuns, "run")}.`, at: null },
      ];
    }
    return [{ tone: "info", text: "Completed: its end has passed", at: endAt, atWords: ", on" }];
  }
  if (startAt !== null && Date.parse(startAt) > nowMs) {
    return [{ tone: "info", text: "Not started yet", at: startAt, atWords: ": starts on" }];
  }
  if (pauseAll?.paused) {
    const text = `All firing is paused by ${pauseAll.pausedBy === null ? "someone" : shownActor(pauseAll.pausedBy)}`;
    return [{ tone: "warning", text, at: pauseAll.until, atWords: " until", rest: noteText(pauseAll.reason) }];
  }
  if (nextExecution === null) return [{ tone: "warning", text: "No next run is planned.", at: null }];
  // The same limit as the filter `overdue` of the list.
  if (latestEffectiveTime(Date.parse(nextExecution), jitterSeconds) < nowMs - OVERDUE_AFTER_MS) {
    return [
      {
        tone: "danger",
        text: "Overdue: workers are behind, stopped, or cannot reach the bus (see System)",
        at: nextExecution,
        atWords: ". It was scheduled for",
      },
    ];
  }
  return [];
}

const noteText = (note: string | null) => (note ? `. Note: ${note}` : ", without a note");

type Row = Pick<ExecutionRow, "status" | "reason" | "error" | "attemptCount" | "scheduledFor" | "executionId">;

/** Why one execution was not published; null if it was published or still may be. */
export function pastReason(row: Row): Finding | null {
  const base = { at: row.scheduledFor, executionId: row.executionId };
  switch (row.status) {
    case "skipped":
      return { ...base, tone: "info", text: skippedText(row.reason) };
    case "expired":
      return {
        ...base,
        tone: "warning",
        text: "Expired: it was later than the maximum delay.",
      };
    case "dead": {
      const tries = formatCounted(row.attemptCount, "attempt");
      return { ...base, tone: "danger", text: `Dead after ${tries}: ${row.error ?? "no error was recorded"}` };
    }
    case "cancelled":
      return { ...base, tone: "info", text: `Cancelled${row.reason ? `: ${endReasonLabel(row.reason)}` : ""}.` };
    default:
      return null;
  }
}
