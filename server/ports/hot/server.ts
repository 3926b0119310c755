export interface HotStats {
  /** Members of all lanes. */
  pending: number;
  /** Members due now and not claimed. */
  overdue: number;
  /** Age of the oldest due one, ms; 0 when none. */
  oldestDueMs: number;
  running: number;
  outboxDepth: number;
  /** Age of the oldest change that ClickHouse does not have yet, ms; 0 when none. */
  outboxOldestMs: number;
  fences: number;
  /** Held for topics whose breakers are, or were, open; not in `pending`. */
  held: number;
  nowMs: number;
}

export interface RedisMemory {
  usedBytes: number;
  /** Null without a bound. */
  maxBytes: number | null;
  /** `maxmemory-policy`; "unknown" where the server does not say. */
  policy: string;
}

/** Whether what Redis acknowledges outlives the server; `fault` says why not, for people. */
export type RedisPersistence = { isDurable: true } | { isDurable: false; fault: string };

/** The server itself: its clock, its state, its figures. */
export interface HotServer {
  stats(): Promise<HotStats>;
  /** Null when any shard has none: it is new, or was lost, and must be filled from ClickHouse. */
  epoch(): Promise<string | null>;
  /** Notes in each shard that a rebuild with this token has begun. */
  beginRebuild(token: string): Promise<void>;
  /** Gives each shard without an epoch this one. False where a shard was wiped since the rebuild began: begin again. */
  endRebuild(token: string): Promise<boolean>;
  /** Redis `TIME`, epoch ms. */
  now(): Promise<number>;
  /** Memory of the server, or of the fullest master of a cluster. */
  memory(): Promise<RedisMemory>;
  /** Whether what Redis acknowledges outlives it, as of the last few seconds. */
  persistence(): Promise<RedisPersistence>;
  /**
   * Writes a key of no meaning into each shard, at most once a second. Throws what Redis answers, as when it is full or
   * may not write.
   */
  probeWrite(): Promise<void>;
  /** Calls back when an earlier due time than all others arrived. */
  onWake(listener: () => void): Promise<() => Promise<void>>;
}
