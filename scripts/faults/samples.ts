import { setTimeout as pause } from "node:timers/promises";
import { readCounter } from "~/server/services/counters";
import type { Ctx } from "~/server/services/ctx";

const SAMPLE_INTERVAL_MS = 1000;

/** Measurements of a period of a run, taken each second. */
export interface PeriodSamples {
  /** Events published in the slowest second. */
  slowest: number;
  /** Median of the events published per second. */
  median: number;
  /** Maximum number of held occurrences. */
  held: number;
  /** Maximum number of outbox entries. */
  outbox: number;
  /** Greatest age of the oldest due occurrence. */
  overdueMs: number;
}

/** Samples the installation each second until it is stopped. */
export function sampleInstallation(ctx: Ctx): { stop(): { between(fromMs: number, toMs: number): PeriodSamples } } {
  const seen: { atMs: number; published: number; held: number; outbox: number; overdueMs: number }[] = [];
  let stopped = false;
  const { deps } = ctx;
  void (async () => {
    while (!stopped) {
      try {
        const [stats, published] = [await deps.hot.stats(), await readCounter(deps, "published")];
        const { held, outboxDepth, oldestDueAgeMs } = stats;
        seen.push({
          atMs: Date.now(),
          published,
          held,
          outbox: outboxDepth,
          overdueMs: oldestDueAgeMs,
        });
      } catch {
        // Redis is down: no sample.
      }
      await pause(SAMPLE_INTERVAL_MS);
    }
  })();
  return {
    stop() {
      stopped = true;
      return {
        between(fromMs, toMs) {
          const part = seen.filter((one) => one.atMs >= fromMs && one.atMs <= toMs);
          const rates = part.slice(1).map((one, i) => {
            const before = part[i] as (typeof part)[number];
            return Math.round(((one.published - before.published) * 1000) / (one.atMs - before.atMs));
          });
          rates.sort((a, b) => a - b);
          const maximum = (pick: (one: (typeof part)[number]) => number) => Math.max(0, ...part.map(pick));
          return {
            slowest: rates[0] ?? 0,
            median: rates[Math.floor(rates.length / 2)] ?? 0,
            held: maximum((one) => one.held),
            outbox: maximum((one) => one.outbox),
            overdueMs: maximum((one) => one.overdueMs),
          };
        },
      };
    },
  };
}
