import { setTimeout as pause } from "node:timers/promises";
import { type Bench, until } from "../parts/bench";
import { createOneTime, leadMs } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber, median } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET_TRIPS = 12;
/** Few enough that the creates are recorded before the burst, even on a slow machine. */
const COUNT = 20_000;
/** Minimum throughput relative to one worker. Below 1, because runs vary. */
const MIN_RELATIVE_RATE = 0.9;

/** Events per second, and the workers' round trips to Redis per thousand events. */
async function measureOnce(bench: Bench, workers: number, count: number): Promise<{ rate: number; trips: number }> {
  const { hot } = bench.ctx.deps;
  await bench.emptyRedis();
  const running = await Promise.all(Array.from({ length: workers }, () => bench.startCountedWorker()));
  const dueMs = Date.now() + leadMs(count);
  await createOneTime(bench, count, () => dueMs);
  await until("the outbox of the creates", 60_000, async () => (await hot.stats()).outboxDepth === 0, 50);
  // Excludes the round trips that record the creates.
  await pause(Math.max(0, dueMs - 200 - Date.now()));
  const before = await Promise.all(running.map((one) => one.trips()));
  await pause(Math.max(0, dueMs - Date.now()));
  await until("the burst", 120_000, async () => {
    const { pending, running: leased } = await hot.stats();
    return pending + leased === 0;
  });
  const tookMs = Date.now() - dueMs;
  const after = await Promise.all(running.map((one) => one.trips()));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { rate: count / (tookMs / 1000), trips: ((sum(after) - sum(before)) / count) * 1000 };
}

export const workers: Row = {
  id: 6,
  name: "Redis round trips of two workers per 1,000 events of a burst",
  unit: "round trips",
  peer: null,
  target: `≤ ${TARGET_TRIPS}; events/s of two and four workers ≥ ${MIN_RELATIVE_RATE} × one worker`,
  async measure(bench) {
    const rates: Record<number, number[]> = { 1: [], 2: [], 4: [] };
    const measured = await measureAlternately(bench, {
      ours: async () => {
        let trips = Number.NaN;
        for (const number of [1, 2, 4]) {
          const { rate, trips: tripsNow } = await measureOnce(bench, number, bench.quick ? COUNT / 4 : COUNT);
          rates[number]?.push(rate);
          if (number === 2) trips = tripsNow;
        }
        return trips;
      },
    });
    const [one, two, four] = [1, 2, 4].map((number) => median(rates[number] ?? [])) as [number, number, number];
    const notes = [`one worker ${formatNumber(one)}, two ${formatNumber(two)}, four ${formatNumber(four)} events/s`];
    const met = measured.ours <= TARGET_TRIPS && Math.min(two, four) >= MIN_RELATIVE_RATE * one;
    return { ...measured, ratio: null, met, notes };
  },
};
