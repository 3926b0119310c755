import type { Attempt, Trigger } from "~/server/domain/execution";
import type { PlannedOccurrence } from "~/server/domain/plan";
import type { Schedule } from "~/server/domain/schedule";

/** What a worker was handed. `token` must come back with the settle. */
export interface Claim {
  kind: "occurrence";
  key: string;
  token: string;
  shard: number;
  /** As it was at the claim (the old version, if it was edited since). */
  schedule: Schedule;
  nominalMs: number;
  effectiveMs: number;
  trigger: Trigger;
  attempts: Attempt[];
  actor: string | null;
  enteredAtMs: number;
  /** It came through the catch-up lane. */
  caughtUp: boolean;
  /**
   * What is left of the plan after this claim; null where the claim is not the plan's own occurrence, or the schedule
   * was edited since. A retry has it too, so that a tail refused to the first try (`far`, `end`) is given again.
   */
  planLeft: PlannedOccurrence[] | null;
  /** The schedule has been deleted since: settle as cancelled. */
  deleted: boolean;
}

/**
 * A recurring schedule found behind by more than the grace, or without a plan (the worker that was to extend it is
 * gone): decide by its catch-up policy, then `replan`.
 */
export interface PlanClaim {
  kind: "plan";
  key: string;
  token: string;
  shard: number;
  schedule: Schedule;
  /** Empty when it was used up: go on from `lastNominalMs`. */
  plan: PlannedOccurrence[];
  /** The newest occurrence that was claimed or decided; null when none was. `replan` drops everything up to it. */
  lastNominalMs: number | null;
}

/** What was handed out under a lease and cannot be read: `setAside` takes it out of the way. */
export interface UnreadableClaim {
  key: string;
  token: string;
  shard: number;
  reason: string;
}

/** What a claim published itself: these occurrences have ended, succeeded at the first attempt. */
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
  /** Redis time at the claim, epoch ms. */
  nowMs: number;
  /** The earliest effective time still waiting, null when nothing waits. */
  nextDueMs: number | null;
}

/** Occurrences that are due, under leases. */
export interface HotClaims {
  /**
   * Takes up to `limit` of what is due. With `InPlaceStreams`, one-time schedules that ask for nothing special are
   * published and ended in the same call; all else comes under a lease, and so do those of the topics in `claimOnly`.
   */
  claim(input: {
    workerId: string;
    limit: number;
    leaseMs: number;
    catchUpLimit: number;
    graceMs: number;
    shard: number;
    claimOnly?: readonly string[];
  }): Promise<ClaimResult>;
  /** Extends the leases of one token (a long publish); answers how many were still held. */
  extend(input: { shard: number; token: string; keys: readonly string[]; leaseMs: number }): Promise<number>;
  /** Makes expired leases claimable again; answers how many. */
  rescue(input: { limit: number; shard: number }): Promise<number>;
  /**
   * What was claimed and cannot be processed leaves the hot tier, and goes to the quarantine with its bytes. False: the
   * lease was lost.
   */
  setAside(claim: Pick<UnreadableClaim, "key" | "token" | "shard">, reason: string): Promise<boolean>;
  /**
   * Gives back a record or an instance that `setAside` or a script took, due now. False: there is another one in its
   * place.
   */
  giveBack(input: { shard: number; kind: "record" | "instance"; packedKey: string; bytes: Buffer }): Promise<boolean>;
}
