import type { Attempt, Execution, Trigger } from "../execution";
import type { Placement } from "../placement";
import type { Schedule } from "../schedule";

/** An occurrence to run beside the plan. */
export interface InstanceInput {
  key: string;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  actor: string | null;
  /** `null`: the schedule's own priority lane; `"c"`: the catch-up lane. */
  lane: "c" | null;
  attempts?: readonly Attempt[];
}

/** A change of a schedule, stored completely or not at all. */
export interface ScheduleChange {
  schedule: Schedule;
  placement: Placement;
  /** The version on which the change is based. */
  expectedVersion: number;
  /** Ledger rows of unclaimed occurrences that the change skips or cancels. */
  executions: readonly Execution[];
  instances: readonly InstanceInput[];
}
