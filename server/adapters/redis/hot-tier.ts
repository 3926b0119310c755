import type { HotTier } from "~/server/ports/hot/hot-tier";
import type { Redis } from "./connection/redis-types";
import { createAnswers } from "./hot-answers";
import { createBreakers } from "./hot-breakers";
import { createClaim } from "./hot-claim";
import { createCopies } from "./hot-copies";
import { createInFlight } from "./hot-in-flight";
import { createLeases } from "./hot-leases";
import { createOutbox } from "./hot-outbox";
import { createPause } from "./hot-pause";
import { createPut } from "./hot-put";
import { createRead } from "./hot-read";
import { createHotRedis } from "./hot-redis";
import { createServerPart } from "./hot-server";
import { createSettle } from "./hot-settle";
import type { InPlaceStreams } from "./in-place-streams";

const COMMAND_TIMEOUT_MS = 5_000;

export interface HotTierOptions {
  redis: Redis;
  /** A connection that may enter subscriber mode; by default a duplicate of `redis` is opened when needed. */
  subscriber?: Redis;
  /** `REDIS_PREFIX`, with its trailing colon. */
  prefix: string;
  /** `REDIS_SHARDS`; never changes for a data set. */
  shards: number;
  /** The streams of the bus, if they are on this server and it is not a cluster: a script is limited to one slot. */
  streams?: InPlaceStreams | null;
  /** Whether the bus is not in Redis, so that events can be published although Redis is out of memory. */
  isBusElsewhere?: boolean;
  /** How long a call waits for its reply, ms; 5 s by default. */
  commandTimeoutMs?: number;
  /** Adds the offset of the virtual clock to every time that scripts and `now` read; off by default. */
  hasVirtualClock?: boolean;
  /** Returns a random text for each claim, which distinguishes the leases of one worker on the same occurrence. */
  newLeaseToken: () => string;
}

/** The hot tier over Redis. The keys and the guarantees of the scripts are in lua/README.md. */
export function createHotTier(options: HotTierOptions): HotTier {
  const { redis, subscriber, prefix, shards, streams = null, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const { hasVirtualClock = false, isBusElsewhere = false } = options;
  const hot = createHotRedis({ redis, prefix, shards, commandTimeoutMs, hasVirtualClock });
  return {
    shards,
    shardOf: hot.keys.shardOf,
    answers: createAnswers(hot),
    ...createPut(hot),
    ...createClaim(hot, { streams, isBusElsewhere, newLeaseToken: options.newLeaseToken }),
    ...createSettle(hot),
    ...createOutbox(hot),
    ...createPause(hot),
    ...createRead(hot),
    ...createInFlight(hot),
    ...createLeases(hot),
    ...createBreakers(hot),
    ...createCopies(hot),
    ...createServerPart(hot, { subscriber, commandTimeoutMs }),
  };
}
