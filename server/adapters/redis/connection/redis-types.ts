import type { Cluster, Redis as SingleRedis } from "ioredis";

/** A connection to one server, by way of sentinels or not, or to a cluster. */
export type Redis = SingleRedis | Cluster;
