export interface HotStats {
  /** Occurrences in all lanes. */
  pending: number;
  /** Occurrences that are due now and not claimed. */
  overdue: number;
  /** Age of the oldest due occurrence, ms; 0 for none. */
  oldestDueAgeMs: number;
  running: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms; 0 for none. */
  outboxOldestAgeMs: number;
  fences: number;
  /** Held occurrences; not in `pending`. */
  held: number;
  nowMs: number;
}

/** The leases of one worker. */
export interface LeaseHolder {
  workerId: string;
  leases: number;
  /** The lease that ends first, and so is usually the oldest: its end, epoch ms, and its occurrence or plan. */
  first: { endsMs: number; key: string };
}

export interface RedisMemory {
  usedBytes: number;
  /** Null for no limit. */
  maxBytes: number | null;
  /** `maxmemory-policy`; "unknown" if the server does not report it. */
  policy: string;
}

/** Whether acknowledged writes survive a restart of the server; `fault`: why not, for display. */
export type RedisPersistence = { isDurable: true } | { isDurable: false; fault: string };

/** The Redis server: its clock, its state, its figures. */
export interface HotServer {
  stats(): Promise<HotStats>;
  /**
   * The leases by worker, without those of the self-test; the worker whose lease ends first comes first. Of a shard
   * with very many leases, those that end first: `isComplete` is then false.
   */
  leaseHolders(): Promise<{ holders: LeaseHolder[]; isComplete: boolean }>;
  /** Null if any shard has no epoch: that shard is new or was lost, and needs a rebuild. */
  epoch(): Promise<string | null>;
  /** Records in each shard that a rebuild with this token has begun. */
  beginRebuild(token: string): Promise<void>;
  /**
   * Sets `token` as the epoch of each shard without one. False if a shard was wiped meanwhile: repeat the rebuild.
   */
  endRebuild(token: string): Promise<boolean>;
  /** Redis `TIME`, epoch ms. */
  now(): Promise<number>;
  /** Memory of the server, or of a cluster's fullest master. */
  memory(): Promise<RedisMemory>;
  /** Whether acknowledged writes survive a restart; at most a few seconds old. */
  persistence(): Promise<RedisPersistence>;
  /** Writes a probe key into each shard, at most once a second. Throws Redis's error, such as out of memory. */
  probeWrite(): Promise<void>;
  /** Calls `listener` when an occurrence is added that is due before all others. Returns how to unsubscribe. */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}
