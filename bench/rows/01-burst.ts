import { setTimeout as pause } from "node:timers/promises";
import { type Bench, PREFIX, until } from "../parts/bench";
import { openBull } from "../parts/bullmq";
import { measureSizes } from "../parts/grow";
import { createOneTime, leadMs } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import type { Row } from "../parts/row";

const TARGET = 4;

/**
 * Events per second, from the due time to the last settle.
 * @param workers additional environment variables of each worker
 */
export async function ourBurst(bench: Bench, count: number, workers: Record<string, string>[] = [{}]): Promise<number> {
  await bench.emptyRedis();
  await Promise.all(workers.map((env) => bench.startWorker(env)));
  const dueMs = Date.now() + leadMs(count);
  await createOneTime(bench, count, () => dueMs);
  await pause(Math.max(0, dueMs - Date.now()));
  await until("the burst", 120_000, async () => (await unsettled(bench)) === 0);
  return count / ((Date.now() - dueMs) / 1000);
}

/**
 * Number of events that are waiting or leased. Uses two cheap commands, so that polling does not disturb the burst.
 */
async function unsettled({ client }: Bench): Promise<number> {
  const [waiting, running] = await Promise.all([
    client.zcard(`${PREFIX}{0}:due:0`),
    client.zcard(`${PREFIX}{0}:lease`),
  ]);
  return waiting + running;
}

async function bullBurst(bench: Bench, count: number): Promise<number> {
  await bench.emptyRedis();
  const bull = openBull(bench.redis.url);
  try {
    const { done } = await bull.startWorker(count);
    const dueMs = Date.now() + leadMs(count);
    await bull.add(count, () => dueMs);
    const { endedAt } = await done;
    return count / ((endedAt - dueMs) / 1000);
  } finally {
    await bull.close();
  }
}

export const burst: Row = {
  id: 1,
  name: "Burst: one-time schedules due at once, until the last is settled",
  unit: "events/s",
  peer: "BullMQ, concurrency 100",
  target: `≥ ${TARGET} × peer`,
  async measure(bench) {
    const count = bench.quick ? 10_000 : 50_000;
    const measured = await measureAlternately(bench, {
      ours: () => ourBurst(bench, count),
      peer: () => bullBurst(bench, count),
    });
    const ratio = measured.ours / (measured.peer as number);
    return { ...measured, ratio, met: ratio >= TARGET };
  },
  grow: (bench) =>
    measureSizes(
      bench,
      {
        title: "Burst: events per second, until the last is settled",
        sizeUnit: "events due at once",
        unit: "events/s",
      },
      { sizes: [100, 1000, 10_000, 100_000], valueAt: (count) => ourBurst(bench, count) },
    ),
};
