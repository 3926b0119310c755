import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { Redis } from "./connection/redis-types";
import { createAnswers } from "./hot-answers";
import { createBreakers } from "./hot-breakers";
import { createClaim } from "./hot-claim";
import { createCopies } from "./hot-copies";
import { createOutbox } from "./hot-outbox";
import { createPut } from "./hot-put";
import { createRead } from "./hot-read";
import { createHotRedis } from "./hot-redis";
import { createSettle } from "./hot-settle";
import { createShared } from "./hot-shared";
import type { InPlaceStreams } from "./in-place-streams";

const COMMAND_TIMEOUT_MS = 5_000;

export interface HotTierOptions {
  redis: Redis;
  /**
   * A connection that may be put into subscriber mode; without one, a duplicate of `redis` is opened when it is needed.
   */
  subscriber?: Redis;
  /** `REDIS_PREFIX`, with its trailing colon. */
  prefix: string;
  /** `REDIS_SHARDS`; never changes for a data set. */
  shards: number;
  /**
   * The bus's streams where they are on this server and it is no cluster, whose scripts keep to one slot. Null or
   * absent: the bus is elsewhere.
   */
  streams?: InPlaceStreams | null;
  /** How long a call waits for its reply, ms; 5 s by default. */
  commandTimeoutMs?: number;
  /** Random text for each claim: an earlier lease of a worker on the same occurrence must not pass for this one. */
  newLeaseToken: () => string;
}

/** The hot tier over Redis. lua/README.md has the keys and what each script promises. */
export function createHotTier(options: HotTierOptions): HotTier {
  const { redis, subscriber, prefix, shards, streams = null, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const hot = createHotRedis({ redis, prefix, shards, commandTimeoutMs });
  return {
    shards,
    shardOf: hot.keys.shardOf,
    answers: createAnswers(hot),
    ...createPut(hot),
    ...createClaim(hot, { streams, newLeaseToken: options.newLeaseToken }),
    ...createSettle(hot),
    ...createOutbox(hot),
    ...createRead(hot),
    ...createBreakers(hot),
    ...createCopies(hot),
    ...createShared(hot, { subscriber, commandTimeoutMs }),
  };
}
