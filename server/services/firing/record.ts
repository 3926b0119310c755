import type { OutboxBatch } from "~/server/ports/hot/outbox";
import type { Deps } from "../ctx";
import { insertRecorded } from "./insert-recorded";

/** Maximum number of outbox entries of one batch. */
const BATCH_ENTRIES = 2000;
/**
 * How long a fence is kept after ClickHouse has its row, ms; that of a deleted schedule is kept longer. No process
 * writes a row to Redis later than this after it read the row.
 */
const FENCE_TTL_MS = 3_600_000;

/** Moves a shard's outbox into ClickHouse. */
export interface Recorder {
  /**
   * Moves one batch and trims it from the outbox after ClickHouse acknowledges it. If that fails, the next call repeats
   * the batch under the same token, which adds nothing.
   *
   * @returns `entries`: how many were moved; `more`: whether the outbox had more entries after this batch
   */
  once(): Promise<{ entries: number; more: boolean }>;
  /** Drops the batch that was read ahead. Call it when another process records this shard. */
  forget(): void;
}

/** Creates a recorder that reads the next batch while ClickHouse inserts the current one. */
export function createRecorder(deps: Deps, shard: number): Recorder {
  const { hot } = deps;
  let nextBatch: OutboxBatch | null = null;

  return {
    async once() {
      const batch = nextBatch ?? (await hot.readBatch({ shard, limit: BATCH_ENTRIES }));
      nextBatch = null;
      if (batch === null) return { entries: 0, more: false };
      const reading = batch.more ? hot.readBatch({ shard, limit: BATCH_ENTRIES, after: batch }) : Promise.resolve(null);
      // If the insert fails before `reading` is awaited, its rejection would be unhandled.
      reading.catch(() => undefined);
      const { auditHead } = await insertRecorded(deps, batch);
      const next = await reading;
      const isOurs = await hot.ackBatch({ batch, next, fenceTtlMs: FENCE_TTL_MS, auditHead });
      if (isOurs) nextBatch = next;
      return { entries: batch.entries, more: batch.more };
    },
    forget() {
      nextBatch = null;
    },
  };
}
