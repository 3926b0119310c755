import { type Bench, until } from "../parts/bench";
import { openBull } from "../parts/bullmq";
import { measureSizes } from "../parts/grow";
import { createOneTime } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import type { Row } from "../parts/row";

const TARGET = 0.5;
const HOUR_MS = 3_600_000;

async function usedBytes(bench: Bench): Promise<number> {
  // Without the buffers of connections and of the append-only file.
  const info = await bench.client.info("memory");
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
  return field("used_memory") - field("mem_clients_normal") - field("mem_aof_buffer");
}

/** Redis bytes per pending schedule after the outbox has been recorded. */
export async function ourBytes(bench: Bench, count: number): Promise<number> {
  await bench.emptyRedis();
  const before = await usedBytes(bench);
  await createOneTime(bench, count, (i) => Date.now() + HOUR_MS + i);
  await bench.startWorker();
  const { hot } = bench.ctx.deps;
  await until("the outbox", 120_000, async () => (await hot.stats()).outboxDepth === 0, 100);
  return ((await usedBytes(bench)) - before) / count;
}

async function bullBytes(bench: Bench, count: number): Promise<number> {
  await bench.emptyRedis();
  const bull = openBull(bench.redis.url);
  try {
    await bull.queue.waitUntilReady();
    const before = await usedBytes(bench);
    await bull.add(count, (i) => Date.now() + HOUR_MS + i);
    return ((await usedBytes(bench)) - before) / count;
  } finally {
    await bull.close();
  }
}

export const bytes: Row = {
  id: 5,
  name: "Redis bytes per pending one-time schedule, all keys counted",
  unit: "bytes",
  peer: "BullMQ delayed job",
  target: `≤ ${TARGET} × peer`,
  async measure(bench) {
    const count = bench.quick ? 10_000 : 50_000;
    const measured = await measureAlternately(bench, {
      ours: () => ourBytes(bench, count),
      peer: () => bullBytes(bench, count),
    });
    const ratio = measured.ours / (measured.peer as number);
    return { ...measured, ratio, met: ratio <= TARGET };
  },
  grow: (bench) =>
    measureSizes(
      bench,
      { title: "Redis bytes per pending one-time schedule", sizeUnit: "pending schedules", unit: "bytes each" },
      { sizes: [1000, 10_000, 100_000, 1_000_000], valueAt: (count) => ourBytes(bench, count) },
    ),
};
