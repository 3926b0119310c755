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
  /** The version at the claim, which may be older than the current one. */
  schedule: Schedule;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  attempts: Attempt[];
  actor: string | null;
  /** When the occurrence entered Redis, epoch ms. */
  enteredAtMs: number;
  /** Claimed from the catch-up lane. */
  caughtUp: boolean;
  /**
   * The rest of the plan after this claim; null if the claim is not the plan's own occurrence, or the schedule was
   * edited since. The claim of a retry has the rest too, so that a tail (`far`, `end`) is sent again if its first
   * settle was refused.
   */
  planLeft: PlannedOccurrence[] | null;
  /** The schedule is deleted: settle the claim as cancelled. */
  deleted: boolean;
}

/**
 * A recurring schedule that is later than the grace, or has no plan because the worker that was to extend it died.
 * Apply its catch-up policy, then `replan`.
 */
export interface PlanClaim {
  kind: "plan";
  key: string;
  token: string;
  shard: number;
  schedule: Schedule;
  /** Empty if the plan was used up: continue from `lastNominalMs`. */
  plan: PlannedOccurrence[];
  /** The newest occurrence that was claimed or decided; null for none. `replan` drops occurrences up to this time. */
  lastNominalMs: number | null;
}

/** A claim that cannot be decoded; `setAside` moves it to the quarantine. */
export interface UnreadableClaim {
  key: string;
  token: string;
  shard: number;
  reason: string;
}

/** Occurrences that the claim call itself published and ended, as succeeded at the first attempt. */
export interface PublishedInPlace {
  count: number;
  /** How many went to each topic. */
  topics: [topic: string, count: number][];
  /** How many were due at each effective time, epoch ms. */
  effective: [ms: number, count: number][];
}

export interface ClaimResult {
  claims: (Claim | PlanClaim)[];
  unreadable: UnreadableClaim[];
  published: PublishedInPlace;
  /** The pause of all firing in force; null for none. */
  pause: FiringPause | null;
  /** Redis time at the claim, epoch ms. */
  nowMs: number;
  /** The earliest effective time left in the lanes; null for none. */
  nextDueMs: number | null;
}

/** Claims of due occurrences, and their leases. */
export interface HotClaims {
  /**
   * Claims up to `limit` due occurrences, of these up to `catchUpLimit` from the catch-up lane. A tier that publishes
   * in place publishes plain one-time schedules in the same call instead, except those of the topics in `claimOnly`.
   * While all firing is paused, claims only manual runs and replays that were made since. `previousPause`: the pause of
   * the last result, which applies if the shard has lost its flag.
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
  /** Extends the leases of one token during a long publish; returns how many were still held. */
  extend(input: { shard: number; token: string; keys: readonly string[]; leaseMs: number }): Promise<number>;
  /** Makes occurrences with expired leases claimable again; returns how many. */
  rescue(input: { limit: number; shard: number }): Promise<number>;
  /** Moves a claim that cannot be processed to the quarantine, with its bytes. False: the lease was lost. */
  setAside(claim: Pick<UnreadableClaim, "key" | "token" | "shard">, reason: string): Promise<boolean>;
  /** Restores a quarantined record or instance, due now. False: its key is taken. */
  giveBack(input: { shard: number; kind: "record" | "instance"; packedKey: string; bytes: Buffer }): Promise<boolean>;
}
