export interface HotStats {
  /** Occurrences in all lanes. */
  pending: number;
  /** Occurrences that are due now and not claimed. */
  overdue: number;
  /** Age of the oldest due occurrence, ms; 0 for none. */
  oldestDueAgeMs: number;
  /** Leases held by workers: occurrences being published, and plans being recomputed. */
  running: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms; 0 for none. */
  outboxOldestAgeMs: number;
  fences: number;
  /** Held occurrences, which are not in `pending`. */
  held: number;
  nowMs: number;
}

export interface LeaseHolder {
  workerId: string;
  leases: number;
  /** The lease that ends first: its end, epoch ms, and the key of its occurrence or plan. */
  first: { endsMs: number; key: string };
}

export interface RedisMemory {
  usedBytes: number;
  /** Null for no limit. */
  maxBytes: number | null;
  /** `maxmemory-policy`; "unknown" if the server does not report it. */
  policy: string;
}

/** Whether acknowledged writes survive a restart of the server. `fault`: the reason if they do not, for display. */
export type RedisPersistence = { isDurable: true } | { isDurable: false; fault: string };

/** The Redis server, or the masters of a cluster. */
export interface RedisServerInfo {
  /** `redis` or `valkey`. */
  name: string;
  /** The oldest version of the masters. */
  version: string;
  /** `standalone`, `sentinel` or `cluster`. */
  mode: string;
  masters: number;
  /** Whether every master has an append-only file. */
  appendOnly: boolean;
  /** `appendfsync`, the values of all masters; null if the server refuses CONFIG. */
  appendFsync: string | null;
}

/** The clock, the state and the figures of the Redis server. */
export interface HotServer {
  stats(): Promise<HotStats>;
  /**
   * The leases by worker, without the self-test's; the worker whose lease ends first comes first. Reads a bounded
   * number of leases per shard: `isComplete` is false if there are more.
   */
  leaseHolders(): Promise<{ holders: LeaseHolder[]; isComplete: boolean }>;
  /** Null if a shard has no epoch, because it is new or lost its data, and needs a rebuild. */
  epoch(): Promise<string | null>;
  /** Stores the token of a new rebuild in each shard. */
  beginRebuild(token: string): Promise<void>;
  /**
   * Sets `token` as the epoch of each shard without one. False if a shard must be rebuilt again, because it was wiped
   * meanwhile or another rebuild has begun.
   */
  endRebuild(token: string): Promise<boolean>;
  /** Redis `TIME`, epoch ms. */
  now(): Promise<number>;
  /** Memory of the server, or of a cluster's fullest master. */
  memory(): Promise<RedisMemory>;
  /** Whether acknowledged writes survive a restart; at most a few seconds old. */
  persistence(): Promise<RedisPersistence>;
  /** Version, mode and persistence of the server. */
  serverInfo(): Promise<RedisServerInfo>;
  /** Writes a probe key into each shard, at most once a second. Throws the error of Redis, such as out of memory. */
  probeWrite(): Promise<void>;
  /**
   * Calls `listener` when an occurrence is added that is due before all others of its shard, when a pause of all firing
   * is removed, and when a virtual clock is moved. Returns a function to unsubscribe.
   */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}
