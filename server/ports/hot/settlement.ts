import type { InstanceInput } from "~/server/domain/changes/change";
import type { EndReason, ErrorClass } from "~/server/domain/choices";
import type { Attempt, Execution } from "~/server/domain/execution";
import type { PlanTail } from "~/server/domain/placement";
import type { Outcome } from "~/server/domain/schedule";
import type { Claim, PlanClaim } from "./claims";

/** The fields of an execution that its attempts determine. The recorder joins them with the claimed record. */
export interface SettleDelta {
  outcome: Outcome;
  reason: EndReason | null;
  firedAt: number | null;
  endedAt: number;
  publishMs: number | null;
  attempts: Attempt[];
  error: string | null;
  errorClass: ErrorClass | null;
  workerId: string;
  partition: number | null;
  offset: string | null;
  actor: string | null;
}

export type SettleItem =
  /** `skippedRows`: ledger rows of occurrences that the plan skips, written if this item is settled. */
  | { kind: "done"; claim: Claim; delta: SettleDelta; tail: PlanTail | null; skippedRows?: readonly Execution[] }
  | { kind: "retry"; claim: Claim; atMs: number; attempts: readonly Attempt[]; tail: PlanTail | null }
  /**
   * Holds the occurrence without counting an attempt, until the topic's breaker closes or the occurrence expires at
   * `untilMs`. A manual run or replay never expires (`untilMs` null), and has no tail, because it is beside the plan.
   */
  | { kind: "hold"; claim: Claim; untilMs: number; tail: PlanTail | null }
  | { kind: "hold"; claim: Claim; untilMs: null; tail: null };

/** `refused`: the lease was lost or, at a settle, the instance could not be read and was quarantined. */
export type SettleResult = "settled" | "refused";

export interface ReplanInput {
  claim: PlanClaim;
  executions: readonly Execution[];
  instances: readonly InstanceInput[];
  /** The rest of the plan. `hot` replaces the whole plan. */
  tail: PlanTail;
}

export interface HotSettlement {
  /** All claims must be of one shard. */
  settle(items: readonly SettleItem[]): Promise<SettleResult[]>;
  replan(input: ReplanInput): Promise<SettleResult>;
}
