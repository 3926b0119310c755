import type { InstanceInput } from "~/server/domain/changes/change";
import type { Execution, Trigger } from "~/server/domain/execution";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { Failure } from "./failures";

/** An event that was just published. Times are epoch ms. */
export interface Fired {
  atMs: number;
  nominalMs: number;
  key: string;
  trigger: Trigger;
  /** From 1. */
  attempt: number;
  schedule: Schedule;
}

/** An attempt that failed. `retryAtMs` is null if it was the last one. */
export interface Failed extends Omit<Fired, "trigger"> {
  failure: Failure;
  retryAtMs: number | null;
}

/** The fields of a ledger row that tests can read. */
export type Unfired = Pick<
  Execution,
  | ("scheduledFor" | "scheduleId" | "scheduleName" | "executionId" | "topic")
  | ("outcome" | "reason" | "note" | "attempts" | "error" | "errorClass")
>;

/** An occurrence, or the end of a pause, that is due at `atMs`. At one instant, higher ranks are decided first. */
export interface Due {
  atMs: number;
  rank: number;
  run: () => Fired | null;
}

export interface Row {
  schedule: Schedule;
  plan: PlannedOccurrence[];
}

/** An occurrence outside the plan: a manual run, a catch-up run, or an occurrence that waits for its retry. */
export interface Instance extends InstanceInput {
  /** The schedule as it was when the instance was added. */
  schedule: Schedule;
  retryAtMs?: number;
}
