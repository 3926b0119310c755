import { setTimeout as pause } from "node:timers/promises";
import { recordAll } from "~/server/testing/recording";
import { type Bench, until } from "../parts/bench";
import { createOneTime, leadMs } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber, median } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET_PER_SECOND = 50_000;
const TARGET_EMPTY_MS = 2000;

/**
 * Fires events in place without recording them, so that the outbox has a ledger row and a completed schedule for each
 * event. The creates are recorded first.
 */
async function fillOutbox(bench: Bench, count: number): Promise<void> {
  const { deps } = bench.ctx;
  await bench.emptyRedis();
  const dueMs = Date.now() + 500;
  await createOneTime(bench, count, () => dueMs);
  await recordAll(deps, 0);
  await pause(Math.max(0, dueMs + 50 - Date.now()));
  for (let fired = 0; fired < count; ) {
    const claimInput = { workerId: "bench", shard: 0, limit: 500, leaseMs: 60_000, catchUpLimit: 0, graceMs: 600_000 };
    const { published } = await deps.hot.claim(claimInput);
    if (published.count === 0) throw new Error("Nothing was published in place: is PUBLISH_IN_PLACE off?");
    fired += published.count;
  }
}

/** Time from the end of a burst's last execution to the empty outbox, ms. */
async function emptyOutboxMs(bench: Bench, count: number): Promise<number> {
  const { hot } = bench.ctx.deps;
  await bench.emptyRedis();
  await bench.startWorker();
  const dueMs = Date.now() + leadMs(count);
  await createOneTime(bench, count, () => dueMs);
  await pause(Math.max(0, dueMs - Date.now()));
  let endedAt = 0;
  await until("the outbox", 120_000, async () => {
    const { pending, running, outboxDepth } = await hot.stats();
    if (endedAt === 0 && pending + running === 0) endedAt = performance.now();
    return endedAt > 0 && outboxDepth === 0;
  });
  return performance.now() - endedAt;
}

export const recorder: Row = {
  id: 13,
  name: "Recorder: ledger rows into ClickHouse, roll-ups and projection included",
  unit: "rows/s",
  peer: null,
  target: `≥ ${TARGET_PER_SECOND.toLocaleString("en")} rows/s; outbox empty ≤ ${TARGET_EMPTY_MS / 1000} s after a burst`,
  async measure(bench) {
    const count = bench.quick ? 10_000 : 50_000;
    const emptyTimes: number[] = [];
    const measured = await measureAlternately(bench, {
      ours: async () => {
        emptyTimes.push(await emptyOutboxMs(bench, count));
        await fillOutbox(bench, count);
        const started = performance.now();
        await recordAll(bench.ctx.deps, 0);
        return count / ((performance.now() - started) / 1000);
      },
    });
    const emptyMs = median(emptyTimes);
    const notes = [`outbox empty ${formatNumber(emptyMs)} ms after the burst of ${count.toLocaleString("en")}`];
    const met = measured.ours >= TARGET_PER_SECOND && emptyMs <= TARGET_EMPTY_MS;
    return { ...measured, ratio: null, met, notes };
  },
};
