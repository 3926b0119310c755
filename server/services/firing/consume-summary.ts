import { writeAudit } from "../audit";
import type { Deps } from "../ctx";
import type { ConsumeReport } from "./consume";

/** One entry covers the messages of this time, ms, because an entry for each message would slow down a burst. */
const SUMMARY_MS = 60_000;

const DELAYED_TOPIC = { id: "delayed topic", email: null, name: "delayed topic", via: "kafka_delayed" } as const;

/** Writes audit entries that count the schedules which the delayed topic created. */
export interface ConsumeSummary {
  add(report: ConsumeReport): void;
  /** Writes an entry for the messages since the last entry. */
  flush(): Promise<void>;
}

/**
 * A crash loses the counts of the last minute. Each created schedule still has its topic, partition and offset as its
 * source.
 */
export function createConsumeSummary(deps: Deps, topic: string): ConsumeSummary {
  let sum = { created: 0, refused: 0 };
  let sinceMs: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    if (sinceMs === null) return;
    const after = { ...sum, since: new Date(sinceMs).toISOString() };
    sum = { created: 0, refused: 0 };
    sinceMs = null;
    clearTimeout(timer);
    const ctx = { deps, principal: DELAYED_TOPIC, requestId: "consume" };
    await writeAudit(ctx, { action: "schedule.create", target: topic, targetName: topic, count: after.created, after });
  }

  return {
    add({ stored, refused }) {
      if (stored + refused === 0) return;
      sum = { created: sum.created + stored, refused: sum.refused + refused };
      if (sinceMs !== null) return;
      sinceMs = deps.clock.now();
      timer = setTimeout(() => {
        flush().catch((error) => deps.log.warn({ err: error, topic }, "summary of the delayed topic not written"));
      }, SUMMARY_MS);
      timer.unref();
    },
    flush,
  };
}
