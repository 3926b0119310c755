import type { InstanceInput } from "~/server/domain/changes/change";
import type { EndReason, ErrorClass } from "~/server/domain/choices";
import type { Attempt, Execution } from "~/server/domain/execution";
import type { PlanTail } from "~/server/domain/placement";
import type { Outcome } from "~/server/domain/schedule";
import type { Claim, PlanClaim } from "./claims";

/** What only the attempt knows; the recorder joins it with the claimed record to the ledger's row. */
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
  /** `also`: ledger rows of occurrences that the plan skips, written if this item is settled. */
  | { kind: "done"; claim: Claim; delta: SettleDelta; tail: PlanTail | null; also?: readonly Execution[] }
  | { kind: "retry"; claim: Claim; atMs: number; attempts: readonly Attempt[]; tail: PlanTail | null }
  /**
   * Held until its topic's breaker closes or it expires, without counting an attempt; then in the catch-up lane.
   * `untilMs`: when it expires; null for never. The schedule stays hot until then, so that the run is counted.
   */
  | { kind: "hold"; claim: Claim; untilMs: number | null; tail: PlanTail | null };

/** `refused`: the lease was lost; its current holder decides. */
export type SettleResult = "settled" | "refused";

export interface ReplanInput {
  claim: PlanClaim;
  executions: readonly Execution[];
  instances: readonly InstanceInput[];
  /** The rest of the plan. `hot` replaces the whole plan. */
  tail: PlanTail;
}

/** Ends claims. */
export interface HotSettlement {
  /** All claims must be of one shard. */
  settle(items: readonly SettleItem[]): Promise<SettleResult[]>;
  replan(input: ReplanInput): Promise<SettleResult>;
}
