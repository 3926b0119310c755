import type { PlannedOccurrence } from "./plan";

/** Where a schedule stands after a change. */
export type Placement =
  /** Due within the horizon: in Redis. One-time schedules have exactly one planned occurrence. */
  | { tier: "redis"; plan: readonly PlannedOccurrence[] }
  /**
   * Beyond the horizon, paused, disabled or over: the catalogue alone. `nextExecution` null when nothing is planned.
   */
  | { tier: "clickhouse"; nextExecution: number | null };

/** The plan's tail, computed by the worker from the last planned nominal. */
export type PlanTail =
  | { kind: "hot"; more: readonly PlannedOccurrence[] }
  | { kind: "far"; nextExecution: number }
  | { kind: "end" };
