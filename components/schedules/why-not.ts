import { endReasonLabel } from "~/components/ui/reasons";
import type { SkipReason } from "~/server/domain/choices";
import type { ExecutionRow } from "~/server/domain/views";
import type { ShownSchedule } from "./shown-schedule";

/** Active and due longer ago than this counts as overdue, as in the list. */
const OVERDUE_AFTER_MS = 60_000;

/** One answer to "why didn't it fire?". `at` is the moment it is about, ISO 8601; `executionId` leads to the row. */
export interface Finding {
  tone: "info" | "warning" | "danger";
  text: string;
  at: string | null;
  executionId?: string;
}

type Facts = Pick<
  ShownSchedule,
  | "status"
  | "pausedBy"
  | "pausedUntil"
  | "pauseNote"
  | "nextExecution"
  | "startAt"
  | "endAt"
  | "maxRuns"
  | "executionCount"
  | "cronExpression"
>;

const SKIPPED = {
  paused: "Skipped: the schedule was paused at that time.",
  catch_up_policy: "Skipped: nothing was running at that time, and the catch-up rules leave it out.",
  superseded_by_edit: "Skipped: an edit replaced that time.",
  dst_gap: "Skipped: the clocks jumped over that time.",
  schedule_ended: "Skipped: the schedule had ended by then.",
} as const satisfies Record<SkipReason, string>;

/** A row of another version may have a reason that is not listed. */
function skippedText(reason: string | null): string {
  if (reason !== null && Object.hasOwn(SKIPPED, reason)) return SKIPPED[reason as SkipReason];
  return `Skipped: ${reason ?? "no reason given"}.`;
}

/** What stands in the way now. Empty where nothing does. */
export function presentReasons(schedule: Facts, nowMs: number): Finding[] {
  const { status, nextExecution, startAt, endAt, maxRuns } = schedule;
  if (status === "paused") {
    const why = schedule.pauseNote ? `: ${schedule.pauseNote}` : ".";
    const text = `Paused by ${schedule.pausedBy ?? "somebody"}${why}`;
    return [{ tone: "warning", text, at: schedule.pausedUntil }];
  }
  if (status === "disabled") return [{ tone: "warning", text: "It is disabled: it waits to be resumed.", at: null }];
  if (status === "completed") {
    if (schedule.cronExpression === null)
      return [{ tone: "info", text: "It was to fire once, and that is over.", at: null }];
    if (maxRuns !== null && schedule.executionCount >= maxRuns) {
      return [{ tone: "info", text: `It was to run ${maxRuns} times, and has.`, at: null }];
    }
    return [{ tone: "info", text: "It has no more runs: its end is reached.", at: endAt }];
  }
  if (startAt !== null && Date.parse(startAt) > nowMs) {
    return [{ tone: "info", text: "Its start is still to come.", at: startAt }];
  }
  if (nextExecution === null) return [{ tone: "warning", text: "It has no next run.", at: null }];
  if (Date.parse(nextExecution) < nowMs - OVERDUE_AFTER_MS) {
    return [
      {
        tone: "danger",
        text: "It is due and has not fired: the workers are behind, stopped, or cannot reach the bus. See System.",
        at: nextExecution,
      },
    ];
  }
  return [];
}

type Row = Pick<ExecutionRow, "status" | "reason" | "error" | "attemptCount" | "scheduledFor" | "executionId">;

/** Why one run of the history did not reach the bus; null if it did, or may still. */
export function pastReason(row: Row): Finding | null {
  const base = { at: row.scheduledFor, executionId: row.executionId };
  switch (row.status) {
    case "skipped":
      return { ...base, tone: "info", text: skippedText(row.reason) };
    case "expired":
      return {
        ...base,
        tone: "warning",
        text: "Expired: it was later than the longest delay that the schedule allows.",
      };
    case "dead": {
      const tries = `${row.attemptCount} ${row.attemptCount === 1 ? "attempt" : "attempts"}`;
      return { ...base, tone: "danger", text: `Dead after ${tries}: ${row.error ?? "no error was given"}` };
    }
    case "cancelled":
      return { ...base, tone: "info", text: `Cancelled${row.reason ? `: ${endReasonLabel(row.reason)}` : ""}.` };
    default:
      return null;
  }
}
