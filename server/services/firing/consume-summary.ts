import { writeAudit } from "../audit";
import type { Deps } from "../ctx";
import type { ConsumeReport } from "./consume";

/** At most one entry in this time, ms: an entry for each message would be most of the work of a burst. */
const SUMMARY_MS = 60_000;

const DELAYED_TOPIC = { id: "delayed topic", email: null, name: "delayed topic", via: "kafka_delayed" } as const;

/** Writes audit entries of what the delayed topic created, in summary. */
export interface ConsumeSummary {
  add(report: ConsumeReport): void;
  /** Writes what has no entry yet. */
  flush(): Promise<void>;
}

/**
 * Sums the reports of a process. A crash loses the sum of the last minute; the created schedules themselves name the
 * delayed topic, and its partition and offset, as their source.
 */
export function createConsumeSummary(deps: Deps, topic: string): ConsumeSummary {
  let sum = { created: 0, refused: 0 };
  let since: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    if (since === null) return;
    const after = { ...sum, since: new Date(since).toISOString() };
    sum = { created: 0, refused: 0 };
    since = null;
    clearTimeout(timer);
    const ctx = { deps, principal: DELAYED_TOPIC, requestId: "consume" };
    await writeAudit(ctx, { action: "schedule.create", target: topic, targetName: topic, count: after.created, after });
  }

  return {
    add({ stored, refused }) {
      if (stored + refused === 0) return;
      sum = { created: sum.created + stored, refused: sum.refused + refused };
      if (since !== null) return;
      since = deps.clock.now();
      timer = setTimeout(() => {
        flush().catch((error) => deps.log.warn({ err: error, topic }, "summary of the delayed topic not written"));
      }, SUMMARY_MS);
      timer.unref();
    },
    flush,
  };
}
