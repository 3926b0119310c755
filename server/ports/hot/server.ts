export interface HotStats {
  /** Members of all lanes. */
  pending: number;
  /** Members due now and not claimed. */
  overdue: number;
  /** Age of the oldest due one, ms; 0 for none. */
  oldestDueMs: number;
  running: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms; 0 for none. */
  outboxOldestMs: number;
  fences: number;
  /** Held occurrences; not in `pending`. */
  held: number;
  nowMs: number;
}

export interface RedisMemory {
  usedBytes: number;
  /** Null for no limit. */
  maxBytes: number | null;
  /** `maxmemory-policy`; "unknown" if the server does not report it. */
  policy: string;
}

/** Whether acknowledged writes survive a restart of the server; `fault`: why not, for people. */
export type RedisPersistence = { isDurable: true } | { isDurable: false; fault: string };

/** The server: its clock, its state, its figures. */
export interface HotServer {
  stats(): Promise<HotStats>;
  /** Null if any shard has none: it is new or was lost, and needs a rebuild. */
  epoch(): Promise<string | null>;
  /** Notes in each shard that a rebuild with this token has begun. */
  beginRebuild(token: string): Promise<void>;
  /** Gives each shard without an epoch this one. False if a shard was wiped since the rebuild began: begin again. */
  endRebuild(token: string): Promise<boolean>;
  /** Redis `TIME`, epoch ms. */
  now(): Promise<number>;
  /** Memory of the server, or of a cluster's fullest master. */
  memory(): Promise<RedisMemory>;
  /** Whether acknowledged writes survive a restart; at most a few seconds old. */
  persistence(): Promise<RedisPersistence>;
  /** Writes a probe key into each shard, at most once a second. Throws Redis's error, such as out of memory. */
  probeWrite(): Promise<void>;
  /** Calls `listener` when something is due earlier than everything before. Returns how to unsubscribe. */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}
