import type { OutboxBatch } from "~/server/ports/hot/outbox";
import type { Deps } from "../ctx";
import { insertRecorded } from "./insert-recorded";

/** Outbox entries of one batch, at most. */
const BATCH = 2000;
/** A fence outlives its row's arrival in ClickHouse by this: longer than any reader holds a row that it acts on. */
const FENCE_TTL_MS = 3_600_000;

/** Moves a shard's outbox into ClickHouse. */
export interface Recorder {
  /**
   * Moves one batch and trims it after the acknowledgement. A crash or an ambiguous failure in between repeats the same
   * batch under the same token, which adds nothing. `entries` is how many it moved, 0 when there was nothing; `more`
   * says that the next batch is in hand, or waits.
   */
  once(): Promise<{ entries: number; more: boolean }>;
  /** Another records now: what was read ahead is not ours any more. */
  forget(): void;
}

/** While ClickHouse takes one batch, the next one is read. */
export function createRecorder(deps: Deps, shard: number): Recorder {
  const { hot } = deps;
  let ahead: OutboxBatch | null = null;

  return {
    async once() {
      const batch = ahead ?? (await hot.readBatch({ shard, limit: BATCH }));
      ahead = null;
      if (batch === null) return { entries: 0, more: false };
      const reading = batch.more ? hot.readBatch({ shard, limit: BATCH, behind: batch }) : Promise.resolve(null);
      // It is waited for below; should the insert fail first, nobody would hear of its fault.
      reading.catch(() => undefined);
      await insertRecorded(deps, batch);
      const next = await reading;
      const isOurs = await hot.ackBatch({ batch, next, fenceTtlMs: FENCE_TTL_MS });
      if (isOurs) ahead = next;
      return { entries: batch.entries, more: batch.more };
    },
    forget() {
      ahead = null;
    },
  };
}
