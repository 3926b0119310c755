import { setTimeout as pause } from "node:timers/promises";
import { counted } from "~/server/services/counters";
import type { Ctx } from "~/server/services/ctx";

const EVERY_MS = 1000;

/** Measurements of a period of a run, sampled each second. */
export interface Stretch {
  /** Events published in the slowest second; `median` is the median. */
  slowest: number;
  median: number;
  held: number;
  outbox: number;
  overdueMs: number;
}

/** Samples the installation each second until it is stopped. */
export function sampleInstallation(ctx: Ctx): { stop(): { between(fromMs: number, toMs: number): Stretch } } {
  const seen: { atMs: number; published: number; held: number; outbox: number; overdueMs: number }[] = [];
  let stopped = false;
  const { deps } = ctx;
  void (async () => {
    while (!stopped) {
      try {
        const [stats, published] = [await deps.hot.stats(), await counted(deps, "published")];
        const { held, outboxDepth, oldestDueMs } = stats;
        seen.push({
          atMs: Date.now(),
          published: published,
          held,
          outbox: outboxDepth,
          overdueMs: oldestDueMs,
        });
      } catch {
        // Redis is down at this moment, so there is no sample.
      }
      await pause(EVERY_MS);
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
          const most = (pick: (one: (typeof part)[number]) => number) => Math.max(0, ...part.map(pick));
          return {
            slowest: rates[0] ?? 0,
            median: rates[Math.floor(rates.length / 2)] ?? 0,
            held: most((one) => one.held),
            outbox: most((one) => one.outbox),
            overdueMs: most((one) => one.overdueMs),
          };
        },
      };
    },
  };
}
