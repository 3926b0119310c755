import type { HotAnswers } from "./answers";
import type { HotBreakers } from "./breakers";
import type { HotClaims } from "./claims";
import type { HotCopies } from "./copies";
import type { HotInstances } from "./instances";
import type { HotNames } from "./names";
import type { HotOutbox } from "./outbox";
import type { HotPause } from "./pause";
import type { HotSchedules } from "./schedules";
import type { HotServer } from "./server";
import type { HotSettlement } from "./settlement";

/**
 * The hot tier. Each Lua call changes one shard atomically. A method with many inputs makes one call per shard and
 * chunk, so it may fail after a part of them was stored. Throws `redis_unavailable` if Redis does not answer within its
 * timeout, or cannot process commands now.
 */
export interface HotTier
  extends HotSchedules,
    HotInstances,
    HotNames,
    HotClaims,
    HotSettlement,
    HotBreakers,
    HotOutbox,
    HotPause,
    HotCopies,
    HotServer {
  readonly shards: number;
  /** The shard of a schedule's id, or of an idempotency key's digest. */
  shardOf(id: string): number;
  readonly answers: HotAnswers;
}
