import type { Breaker, BreakerName } from "~/server/domain/breaker";
import type { ClaimResult } from "./claims";

/** What is held for one topic. */
export interface HeldTopic {
  topic: string;
  count: number;
  /** Effective time of the oldest, epoch ms. */
  oldestMs: number;
  /** The shards that it lies in, the one with the oldest first. */
  shards: number[];
}

/** Breakers of topics, and what is held while they are open. */
export interface HotBreakers {
  /** All breakers that are not closed, or have failed lately. */
  breakers(): Promise<Map<BreakerName, Breaker>>;
  /** Changes a breaker from `from` to `to`, unless it changed meanwhile. Answers the one in force. */
  swapBreaker(input: {
    name: BreakerName;
    from: Breaker;
    to: Breaker;
  }): Promise<{ swapped: boolean; current: Breaker }>;
  /** What is held, by topic name. */
  heldTopics(): Promise<HeldTopic[]>;
  /**
   * Claims a topic's oldest held ones that can be published: for a breaker's trial. What is expired or deleted is moved
   * to the catch-up lane on the way, a thousand at most. Without a next due time.
   */
  claimHeld(input: {
    workerId: string;
    shard: number;
    topic: string;
    limit: number;
    leaseMs: number;
  }): Promise<ClaimResult>;
  /** Moves a topic's oldest held ones to the catch-up lane, so that up to `limit` are due in it; answers how many. */
  drainHeld(input: { shard: number; topic: string; limit: number }): Promise<number>;
  /**
   * Moves what expired while it was held to the catch-up lane, so that up to `limit` a shard are due in it; answers how
   * many.
   */
  expireHeld(input: { limit: number }): Promise<number>;
}
