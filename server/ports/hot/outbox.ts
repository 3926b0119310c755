import type { DocumentKind } from "~/server/domain/document-kinds";
import type { Execution } from "~/server/domain/execution";
import type { Schedule } from "~/server/domain/schedule";

/** A pair of an outbox entry that cannot be read. */
export interface UnreadableEntry {
  /** Of the stream entry. */
  id: string;
  kind: string;
  reason: string;
  bytes: Uint8Array;
}

/** One decoded outbox batch of a shard, oldest first. */
export interface OutboxBatch {
  shard: number;
  lastId: string;
  /** `shard:firstId-lastId`, the same for every try at this batch. */
  token: string;
  entries: number;
  /** More lies behind it than this batch could hold. */
  more: boolean;
  /** One row a schedule, as it is last. */
  schedules: Schedule[];
  executions: Execution[];
  /** JSON documents of the small tables. */
  documents: { kind: DocumentKind; json: string }[];
  /** What of it cannot be read; all else is above. */
  unreadable: UnreadableEntry[];
  /**
   * Redis was away lately, and may have come back without its last writes: some of this may be in ClickHouse under
   * another token.
   */
  mayRepeat: boolean;
}

/** Changes on their way to the store. */
export interface HotOutbox {
  /** A document for the small ClickHouse tables, or a ledger row of its own (`x`), through the same outbox. */
  append(kind: DocumentKind | "x", json: string): Promise<string>;
  /** As `append`, for bytes of any kind in any shard: what an operator let out of the quarantine. */
  appendBytes(kind: string, input: { shard: number; bytes: Buffer }): Promise<void>;
  /**
   * The oldest `limit` outbox entries as one batch; null when empty. A batch once read is the same until `ack`.
   * `behind` one, it is the next one, to be read while that is recorded; it counts from when that is acknowledged with
   * it.
   */
  readBatch(input: { shard: number; limit: number; behind?: OutboxBatch }): Promise<OutboxBatch | null>;
  /**
   * ClickHouse has the batch: trim the outbox and let the fences of its rows run out after `fenceTtlMs`. `next` is now
   * the shard's batch. False where another has acknowledged it meanwhile: `next` is then worth nothing.
   */
  ackBatch(input: { batch: OutboxBatch; next?: OutboxBatch | null; fenceTtlMs: number }): Promise<boolean>;
  /** The newest `limit` schedule rows and executions not yet in ClickHouse, newest first, for the overlay of lists. */
  unflushed(input: { limit: number }): Promise<{ schedules: Schedule[]; executions: Execution[]; complete: boolean }>;
  /** Drops fences that have run out; answers how many. */
  expireFences(input: { limit: number }): Promise<number>;
}
