import { endReasonText, errorClassLabel } from "~/components/ui/reasons";
import type { ExecutionView } from "~/server/domain/views";

/** One step of an execution. `at` is ISO 8601, null while it is unknown. */
export interface TimelineStep {
  id: string;
  at: string | null;
  tone: "neutral" | "success" | "warning" | "danger";
  title: string;
  detail: string | null;
}

type Facts = Pick<
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
>;

const OPENINGS: Record<ExecutionView["trigger"], string> = {
  schedule: "Scheduled for",
  manual: "Started manually",
  replay: "Replay of the execution scheduled for",
  catch_up: "Caught up after it was missed; scheduled for",
  delayed_event: "Received from the delayed topic, due at",
};

function ending(facts: Facts): TimelineStep | null {
  const { status, endedAt, actor } = facts;
  const why = facts.reason === null ? null : endReasonText(facts.reason);
  const base = { id: "end", at: endedAt };
  switch (status) {
    case "succeeded": {
      const place = facts.offset === null ? null : `partition ${facts.partition ?? 0}, offset ${facts.offset}`;
      const title = facts.late ? "Published late" : "Published";
      return { ...base, at: facts.firedAt, tone: facts.late ? "warning" : "success", title, detail: place };
    }
    case "dead":
      return { ...base, tone: "danger", title: "Dead", detail: why };
    case "expired":
      return { ...base, tone: "warning", title: "Expired", detail: why };
    case "skipped":
      return {
        ...base,
        tone: "neutral",
        title: actor ? `Skipped by ${actor}` : "Skipped",
        detail: facts.note ? `${why}: ${facts.note}` : why,
      };
    case "cancelled":
      return { ...base, tone: "neutral", title: actor ? `Cancelled by ${actor}` : "Cancelled", detail: why };
    default:
      return null;
  }
}

/** The steps of an execution in order: nominal time, effective time if it differs, failed attempts, end. */
export function timelineOf(facts: Facts): TimelineStep[] {
  const { scheduledFor, effectiveAt, attempts } = facts;
  const steps: TimelineStep[] = [
    {
      id: "planned",
      at: scheduledFor,
      tone: "neutral",
      title: OPENINGS[facts.trigger],
      detail: facts.trigger === "manual" && facts.actor ? `by ${facts.actor}` : null,
    },
  ];
  if (effectiveAt !== scheduledFor) {
    const title = facts.trigger === "schedule" || facts.trigger === "catch_up" ? "Shifted by jitter to" : "Queued";
    steps.push({ id: "effective", at: effectiveAt, tone: "neutral", title, detail: null });
  }
  for (const attempt of attempts) {
    const failed = attempt.error !== null;
    if (!failed) continue;
    steps.push({
      id: `attempt-${attempt.n}`,
      at: attempt.at,
      tone: "danger",
      title: `Attempt ${attempt.n} failed${attempt.errorClass ? `: ${errorClassLabel(attempt.errorClass)}` : ""}`,
      detail: attempt.error,
    });
  }
  const end = ending(facts);
  if (end) steps.push(end);
  else steps.push({ id: "end", at: null, tone: "warning", title: UNENDED[facts.status] ?? "Not ended", detail: null });
  return steps;
}

const UNENDED: Partial<Record<ExecutionView["status"], string>> = {
  running: "Running on a worker",
  retrying: "Waiting for the next attempt",
  pending: "Waiting for a worker",
};
