import type { PlannedOccurrence } from "./plan";

/** The tier of a schedule after a change, and its plan. */
export type Placement =
  /** In Redis, because it is due within the horizon. A one-time schedule has exactly one planned occurrence. */
  | { tier: "redis"; plan: readonly PlannedOccurrence[] }
  /** Only in the catalogue. `nextExecution` is null if nothing is planned. */
  | { tier: "clickhouse"; nextExecution: number | null };

/** The part that a settle appends to a plan. */
export type PlanTail =
  /** More occurrences within the horizon. */
  | { kind: "hot"; more: readonly PlannedOccurrence[] }
  /** The next occurrence is beyond the horizon. */
  | { kind: "far"; nextExecution: number }
  /** There are no more occurrences. */
  | { kind: "end" };
