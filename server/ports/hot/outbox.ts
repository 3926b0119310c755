import type { ChainLink } from "~/server/domain/audit/chain";
import type { DocumentKind, LEDGER_ROW_KIND } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

/** A field of an outbox entry, with its value, that cannot be read. */
export interface UnreadableEntry {
  /** The id of the stream entry. */
  id: string;
  kind: string;
  reason: string;
  bytes: Uint8Array;
}

/** One decoded outbox batch of a shard, oldest first. */
export interface OutboxBatch {
  shard: number;
  lastId: string;
  /** `shard:firstId-lastId`, the same for each attempt at this batch. */
  token: string;
  entries: number;
  /** The outbox has entries after this batch. */
  more: boolean;
  /** The newest row of each schedule. */
  schedules: Schedule[];
  executions: Execution[];
  /** JSON documents of the small tables. */
  documents: { kind: DocumentKind; json: string }[];
  /** Fields that cannot be read. All other fields are decoded above. */
  unreadable: UnreadableEntry[];
  /**
   * Redis reconnected lately and may have lost its last writes, so rows of this batch may be in ClickHouse under
   * another token.
   */
  mayRepeat: boolean;
}

/** Changes that ClickHouse does not have yet. */
export interface HotOutbox {
  /** Appends a document of a small table, or a complete ledger row. */
  append(kind: DocumentKind | typeof LEDGER_ROW_KIND, json: string): Promise<string>;
  /** Appends bytes of any kind to any shard: data that an operator released from the quarantine. */
  appendBytes(kind: string, input: { shard: number; bytes: Buffer }): Promise<void>;
  /**
   * The oldest `limit` entries as one batch, which stays the same until `ackBatch`; null if the outbox is empty. With
   * `after`, a batch in flight, returns the batch that follows it, so that it is decoded while `after` is recorded.
   * Pass the returned batch to `ackBatch` as `next`.
   */
  readBatch(input: { shard: number; limit: number; after?: OutboxBatch }): Promise<OutboxBatch | null>;
  /**
   * Acknowledges a batch that ClickHouse has: trims the outbox, and lets the fences of its rows expire after
   * `fenceTtlMs`. `next` becomes the shard's batch, and `auditHead`, if given, the newest link of its audit chain.
   * False if another recorder acknowledged the batch: discard `next`.
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
   * The newest `limit` schedule rows and executions that ClickHouse does not have, newest first, for the overlay; with
   * the JSON of the audit entries beside them. `complete` is false if the outbox has more.
   */
  unflushed(input: {
    limit: number;
  }): Promise<{ schedules: Schedule[]; executions: Execution[]; audit: string[]; complete: boolean }>;
  /** Removes expired fences; returns how many. */
  expireFences(input: { limit: number }): Promise<number>;
}
