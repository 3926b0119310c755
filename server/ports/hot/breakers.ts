import type { Breaker, BreakerName } from "~/server/domain/breaker";
import type { ClaimResult } from "./claims";

export interface HeldTopic {
  topic: string;
  count: number;
  /** Effective time of the oldest held occurrence, epoch ms. */
  oldestMs: number;
  /** The shards with held occurrences, beginning with the shard of the oldest. */
  shards: number[];
}

/** Breakers, and the occurrences held while a topic's breaker is open. */
export interface HotBreakers {
  /** All breakers that are open or half-open, or have recent failures. */
  breakers(): Promise<Map<BreakerName, Breaker>>;
  /** Changes a breaker to `to` if it still equals `from`. Returns the current breaker. */
  swapBreaker(input: {
    name: BreakerName;
    from: Breaker;
    to: Breaker;
  }): Promise<{ swapped: boolean; current: Breaker }>;
  /** Topics with held occurrences, sorted by name. */
  heldTopics(): Promise<HeldTopic[]>;
  /**
   * Claims a topic's oldest publishable held occurrences, for a breaker's trial. Moves expired or deleted occurrences
   * before them to the catch-up lane, at most a thousand. Claims nothing while all firing is paused. `nextDueMs` of the
   * result is null.
   */
  claimHeld(input: {
    workerId: string;
    shard: number;
    topic: string;
    limit: number;
    leaseMs: number;
  }): Promise<ClaimResult>;
  /** Moves a topic's oldest held occurrences to the catch-up lane until `limit` are due there; returns their number. */
  drainHeld(input: { shard: number; topic: string; limit: number }): Promise<number>;
  /**
   * Moves expired held occurrences to the catch-up lane until `limit` per shard are due there; returns their number.
   */
  expireHeld(input: { limit: number }): Promise<number>;
}
