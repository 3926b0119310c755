import { endReasonText, errorClassLabel } from "~/components/ui/reasons";
import { shownActor } from "~/server/domain/shown-actor";
import type { ExecutionView } from "~/server/domain/views";

/** One step of an execution. `at`: ISO 8601; null while the time is unknown. */
export interface TimelineStep {
  id: string;
  at: string | null;
  tone: "neutral" | "success" | "warning" | "danger";
  title: string;
  detail: string | null;
}

type TimelineExecution = Pick<
  ExecutionView,
  | "status"
  | "reason"
  | "scheduledFor"
  | "effectiveAt"
  | "firedAt"
  | "endedAt"
  | "attempts"
  | "late"
  | "partition"
  | "offset"
  | "actor"
  | "note"
  | "trigger"
  | "dueAt"
>;

const OPENINGS: Record<ExecutionView["trigger"], string> = {
  schedule: "Scheduled for",
  manual: "Started manually",
  replay: "Replay of the execution scheduled for",
  catch_up: "Caught up after it was missed; scheduled for",
  delayed_event: "Received from the delayed topic, due at",
};

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The last steps: the end of the execution; empty while it is in flight. */
function ending(execution: TimelineExecution): TimelineStep[] {
  const { status, endedAt, actor } = execution;
  const why = execution.reason === null ? null : capitalised(endReasonText(execution.reason));
  const base = { id: "end", at: endedAt };
  switch (status) {
    case "succeeded": {
      const place =
        execution.offset === null ? null : `partition ${execution.partition ?? 0}, offset ${execution.offset}`;
      const title = `${execution.late ? "Published late" : "Published"}${ofAttempt(execution)}`;
      return [{ ...base, at: execution.firedAt, tone: execution.late ? "warning" : "success", title, detail: place }];
    }
    case "dead":
      return [{ ...base, tone: "danger", title: "Dead", detail: why }];
    case "expired":
      return [{ ...base, tone: "warning", title: "Expired", detail: why }];
    case "skipped":
      if (execution.reason === "paused") return pausedSteps(execution);
      return [{ ...base, tone: "neutral", title: actor ? `Skipped by ${shownActor(actor)}` : "Skipped", detail: why }];
    case "cancelled":
      return [
        { ...base, tone: "neutral", title: actor ? `Cancelled by ${shownActor(actor)}` : "Cancelled", detail: why },
      ];
    default:
      return [];
  }
}

/** The number of the attempt that published an execution, if others failed. */
function ofAttempt({ attempts }: TimelineExecution): string {
  const last = attempts.at(-1);
  return last === undefined || attempts.length === 1 ? "" : ` in attempt ${last.n}`;
}

/** A pause skips a run at its time, but the row is written later, when the schedule is resumed, changed or deleted. */
function pausedSteps({ actor, note, endedAt }: TimelineExecution): TimelineStep[] {
  const title = actor ? `Skipped: schedule paused by ${shownActor(actor)}` : "Skipped: schedule paused";
  return [
    { id: "skipped", at: null, tone: "neutral", title, detail: note },
    { id: "end", at: endedAt, tone: "neutral", title: "Recorded after the pause", detail: null },
  ];
}

/** When an attempt ended, ISO 8601. */
const endOf = ({ at, durationMs }: TimelineExecution["attempts"][number]) =>
  new Date(Date.parse(at) + Math.round(durationMs)).toISOString();

/**
 * The steps of an execution in order: nominal time, effective time if it differs, failed attempts, and the end. The
 * last step of an execution in flight is its state.
 */
export function timelineOf(execution: TimelineExecution): TimelineStep[] {
  const { scheduledFor, effectiveAt, attempts } = execution;
  const steps: TimelineStep[] = [
    {
      id: "planned",
      at: scheduledFor,
      tone: "neutral",
      title: OPENINGS[execution.trigger],
      detail: execution.trigger === "manual" && execution.actor ? `by ${shownActor(execution.actor)}` : null,
    },
  ];
  if (effectiveAt !== scheduledFor) {
    const title =
      execution.trigger === "schedule" || execution.trigger === "catch_up" ? "Shifted by jitter to" : "Queued";
    steps.push({ id: "effective", at: effectiveAt, tone: "neutral", title, detail: null });
  }
  for (const [index, attempt] of attempts.entries()) {
    if (attempt.error === null) continue;
    const isRepeated = attempt.error === attempts[index - 1]?.error;
    steps.push({
      id: `attempt-${attempt.n}`,
      at: endOf(attempt),
      tone: "danger",
      title: `Attempt ${attempt.n} failed${attempt.errorClass ? `: ${errorClassLabel(attempt.errorClass)}` : ""}`,
      detail: isRepeated ? "The same error" : attempt.error,
    });
  }
  const end = ending(execution);
  if (end.length > 0) steps.push(...end);
  else {
    const title = STATE_TITLES[execution.status] ?? "Not ended";
    steps.push({ id: "end", at: execution.dueAt, tone: "warning", title, detail: null });
  }
  return steps;
}

const STATE_TITLES: Partial<Record<ExecutionView["status"], string>> = {
  running: "Running on a worker",
  retrying: "Waiting for the next attempt",
  pending: "Waiting for a worker",
  held: "Held while the breaker of its topic is open",
};
