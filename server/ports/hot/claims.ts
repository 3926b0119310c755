import type { Attempt, Trigger } from "~/server/domain/execution";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";
import type { FiringPause } from "./pause";

/** A claimed occurrence. The settle needs its `token`. */
export interface Claim {
  kind: "occurrence";
  key: string;
  token: string;
  shard: number;
  /** The version at the first claim or, for a run beside the plan, at its enqueue. It may be outdated. */
  schedule: Schedule;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  attempts: Attempt[];
  actor: string | null;
  enteredAtMs: number;
  /** Whether the claim is from the catch-up lane. */
  caughtUp: boolean;
  /**
   * The rest of the plan after this claim. Null if the claim is not a planned occurrence of a recurring schedule, or
   * the schedule was edited since. A retry has the rest too, because the settle with the tail may have been refused at
   * the first attempt.
   */
  planLeft: PlannedOccurrence[] | null;
  /** Whether the schedule was deleted, so that the claim must be settled as cancelled. */
  deleted: boolean;
}

/**
 * A recurring schedule that is late by more than the grace, or has no plan, for example because a worker died before it
 * extended the plan. Apply the catch-up policy, then call `replan`.
 */
export interface PlanClaim {
  kind: "plan";
  key: string;
  token: string;
  shard: number;
  schedule: Schedule;
  /** An empty plan continues from `lastNominalMs`. */
  plan: PlannedOccurrence[];
  /**
   * Nominal time of the newest claimed or decided occurrence; null for none. `replan` drops occurrences up to this
   * time.
   */
  lastNominalMs: number | null;
}

/** A claim that cannot be decoded; `setAside` moves it to the quarantine. */
export interface UnreadableClaim {
  key: string;
  token: string;
  shard: number;
  reason: string;
}

/** Occurrences that the claim call published and ended as succeeded. */
export interface PublishedInPlace {
  count: number;
  /** Number of occurrences by topic. */
  topics: [topic: string, count: number][];
  /** Number of occurrences by effective time, epoch ms. */
  effective: [ms: number, count: number][];
}

export interface ClaimResult {
  claims: (Claim | PlanClaim)[];
  unreadable: UnreadableClaim[];
  published: PublishedInPlace;
  pause: FiringPause | null;
  /** Redis time at the claim, epoch ms. */
  nowMs: number;
  /** The earliest effective time left in lanes that may be claimed, or the earlier end of a pause; null for none. */
  nextDueMs: number | null;
}

/** Claims, and their leases. */
export interface HotClaims {
  /**
   * Claims up to `limit` due occurrences, at most `catchUpLimit` from the catch-up lane. A tier that publishes
   * in place publishes and ends plain one-time schedules in this call, except for the topics in `claimOnly`. While all
   * firing is paused, claims only manual runs and replays made since the pause began. `previousPause`: the pause of the
   * last result, which applies if the shard has lost its data.
   */
  claim(input: {
    workerId: string;
    limit: number;
    leaseMs: number;
    catchUpLimit: number;
    graceMs: number;
    shard: number;
    claimOnly?: readonly string[];
    previousPause?: FiringPause | null;
  }): Promise<ClaimResult>;
  /** Extends the leases of one token during a long publish; returns the number of leases that were still held. */
  extend(input: { shard: number; token: string; keys: readonly string[]; leaseMs: number }): Promise<number>;
  /** Makes occurrences with expired leases due now; returns the number of expired leases. */
  rescue(input: { limit: number; shard: number }): Promise<number>;
  /** Moves a claim that cannot be processed to the quarantine, with its bytes. False if the lease was lost. */
  setAside(claim: Pick<UnreadableClaim, "key" | "token" | "shard">, reason: string): Promise<boolean>;
  /** Restores a quarantined record or instance, due now. False if its key exists. */
  giveBack(input: { shard: number; kind: "record" | "instance"; packedKey: string; bytes: Buffer }): Promise<boolean>;
}
