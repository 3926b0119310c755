import type { Outcome, ScheduleStatus, Tier } from "~/server/domain/schedule";

/** The displayed outcome of an execution: an outcome of the ledger, `late` for a late success, or a state in flight. */
export type ShownOutcome = Outcome | "late" | "pending" | "running" | "retrying" | "held";

/** The order of outcomes in legends, stacks (from the axis up), filters and counts. */
export const OUTCOME_ORDER = [
  "succeeded",
  "late",
  "retrying",
  "running",
  "pending",
  "held",
  "skipped",
  "expired",
  "dead",
  "cancelled",
] as const satisfies readonly ShownOutcome[];

export const OUTCOME_LABELS: Record<ShownOutcome, string> = {
  succeeded: "Succeeded",
  late: "Late",
  retrying: "Retrying",
  running: "Running",
  pending: "Pending",
  held: "Held",
  skipped: "Skipped",
  expired: "Expired",
  dead: "Dead",
  cancelled: "Cancelled",
};

export const OUTCOME_COLORS: Record<ShownOutcome, string> = {
  succeeded: "var(--outcome-succeeded)",
  late: "var(--outcome-late)",
  retrying: "var(--outcome-retrying)",
  running: "var(--outcome-running)",
  pending: "var(--outcome-pending)",
  held: "var(--outcome-held)",
  skipped: "var(--outcome-skipped)",
  expired: "var(--outcome-expired)",
  dead: "var(--outcome-dead)",
  cancelled: "var(--outcome-cancelled)",
};

export const STATUS_LABELS: Record<ScheduleStatus, string> = {
  active: "Active",
  paused: "Paused",
  disabled: "Disabled",
  completed: "Completed",
};

export const TIER_LABELS: Record<Tier, string> = { redis: "Redis", clickhouse: "ClickHouse" };

/** `late` is a flag in the ledger, but an outcome on the page. */
export function shownOutcome(outcome: ShownOutcome, late?: boolean): ShownOutcome {
  return outcome === "succeeded" && late ? "late" : outcome;
}
