import type { PlannedOccurrence } from "./plan";

/** The tier of a schedule after a change, and its plan. */
export type Placement =
  /** Due within the horizon: in Redis. A one-time schedule has exactly one planned occurrence. */
  | { tier: "redis"; plan: readonly PlannedOccurrence[] }
  /**
   * Beyond the horizon, paused, disabled or over: only in the catalogue. `nextExecution` is null if nothing is planned.
   */
  | { tier: "clickhouse"; nextExecution: number | null };

/** What a settle appends to the plan, computed by the worker from the last planned nominal time. */
export type PlanTail =
  /** More occurrences within the horizon. */
  | { kind: "hot"; more: readonly PlannedOccurrence[] }
  /** The next occurrence is beyond the horizon. */
  | { kind: "far"; nextExecution: number }
  /** There are no more occurrences. */
  | { kind: "end" };
