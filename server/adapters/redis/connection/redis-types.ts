import type { Cluster, Redis as SingleRedis } from "ioredis";

/** A connection to one server, directly or through sentinels, or to a cluster. */
export type Redis = SingleRedis | Cluster;
