import type { ChainLink } from "~/server/domain/audit/chain";
import type { DocumentKind, LEDGER_ROW_KIND } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

/** A part of an outbox entry that cannot be read. `id` is that of the entry. */
export interface UnreadablePart {
  id: string;
  kind: string;
  reason: string;
  bytes: Uint8Array;
}

/** A decoded batch of a shard's outbox, oldest entry first. */
export interface OutboxBatch {
  shard: number;
  lastId: string;
  /**
   * `shard:firstId-lastId`, the same for each attempt to record this batch. ClickHouse drops a second insert with the
   * same token.
   */
  insertToken: string;
  entries: number;
  /** Whether the outbox may have entries after this batch. */
  more: boolean;
  /** The newest row of each schedule. */
  schedules: Schedule[];
  executions: Execution[];
  /** JSON documents of the small tables. */
  documents: { kind: DocumentKind; json: string }[];
  unreadable: UnreadablePart[];
  /**
   * Whether rows of this batch may already be in ClickHouse under another token, because Redis may have lost its last
   * writes.
   */
  mayRepeat: boolean;
}

/** Changes that ClickHouse does not have yet. */
export interface HotOutbox {
  /** Appends a document of a small table, or a complete ledger row. */
  append(kind: DocumentKind | typeof LEDGER_ROW_KIND, json: string): Promise<string>;
  /** Appends data that an operator released from the quarantine. */
  appendBytes(kind: string, input: { shard: number; bytes: Buffer }): Promise<void>;
  /**
   * The oldest entries, up to `limit`, as one batch; null if there are none. Returns the same batch until `ackBatch`.
   * With `after`, the batch in flight, returns the batch behind it, which is later passed to `ackBatch` as `next`.
   */
  readBatch(input: { shard: number; limit: number; after?: OutboxBatch }): Promise<OutboxBatch | null>;
  /**
   * Acknowledges a recorded batch: trims the outbox, and lets the fences of the batch's rows expire after `fenceTtlMs`,
   * or after a day if the schedule was deleted and `fenceTtlMs` is shorter. `next` becomes the batch in flight, and
   * `auditHead`, if given, the newest link of the shard's audit chain. False if another recorder acknowledged the
   * batch; `next` must then be discarded.
   */
  ackBatch(input: {
    batch: OutboxBatch;
    next?: OutboxBatch | null;
    fenceTtlMs: number;
    auditHead?: ChainLink | null;
  }): Promise<boolean>;
  /** The newest acknowledged link of the shard's audit chain; null before the first, and after a loss of Redis. */
  auditHead(shard: number): Promise<ChainLink | null>;
  /**
   * The newest unrecorded row of each schedule, and the rows of executions, without the self-test, and the JSON of
   * audit entries, newest first. Stops once there are `limit` schedules or `limit` executions. `complete` is false if
   * the outbox has more. `created` has the ids of the schedules whose creation is among the unrecorded rows.
   */
  unflushed(input: { limit: number }): Promise<{
    schedules: Schedule[];
    created: ReadonlySet<string>;
    executions: Execution[];
    audit: string[];
    complete: boolean;
  }>;
  /** Removes expired fences; returns their number. */
  expireFences(input: { limit: number }): Promise<number>;
}
