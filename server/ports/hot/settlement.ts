import type { InstanceInput } from "~/server/domain/changes/change";
import type { EndReason, ErrorClass } from "~/server/domain/choices";
import type { Attempt, Execution } from "~/server/domain/execution";
import type { PlanTail } from "~/server/domain/placement";
import type { Outcome } from "~/server/domain/schedule";
import type { Claim, PlanClaim } from "./claims";

/** What only the attempt knows; the recorder joins it with the claimed record into the ledger's row. */
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
  /** `also`: rows of occurrences that the plan leaves out, written if this one is settled. */
  | { kind: "done"; claim: Claim; delta: SettleDelta; tail: PlanTail | null; also?: readonly Execution[] }
  | { kind: "retry"; claim: Claim; atMs: number; attempts: readonly Attempt[]; tail: PlanTail | null }
  /**
   * Aside until its topic's breaker closes or it expires, without an attempt counted; from then on it is of the
   * catch-up lane. `untilMs` is when it expires, null for never: so long a schedule without another occurrence waits to
   * have it counted.
   */
  | { kind: "hold"; claim: Claim; untilMs: number | null; tail: PlanTail | null };

/** `refused`: the lease was lost; whoever holds it now decides. */
export type SettleResult = "settled" | "refused";

export interface ReplanInput {
  claim: PlanClaim;
  executions: readonly Execution[];
  instances: readonly InstanceInput[];
  /** The plan from here on. `hot` replaces the plan whole. */
  tail: PlanTail;
}

/** How claims end. */
export interface HotSettlement {
  /** All claims must be of one shard. */
  settle(items: readonly SettleItem[]): Promise<SettleResult[]>;
  replan(input: ReplanInput): Promise<SettleResult>;
}
