import type { Bench } from "../parts/bench";
import { openBull } from "../parts/bullmq";
import { createOneTime } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import type { Row } from "../parts/row";

const TARGET = 2;
const HOUR_MS = 3_600_000;

async function perSecond(count: number, create: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await create();
  return count / ((performance.now() - started) / 1000);
}

async function bullCreates(bench: Bench, count: number): Promise<number> {
  await bench.emptyRedis();
  const bull = openBull(bench.redis.url);
  try {
    await bull.queue.waitUntilReady();
    return await perSecond(count, () => bull.add(count, (i) => Date.now() + HOUR_MS + i));
  } finally {
    await bull.close();
  }
}

export const creates: Row = {
  id: 4,
  name: "Creates in bulk through the service layer, validation included",
  unit: "schedules/s",
  peer: "BullMQ addBulk",
  target: `≥ ${TARGET} × peer`,
  async measure(bench) {
    const count = bench.quick ? 10_000 : 50_000;
    const measured = await measureAlternately(bench, {
      ours: async () => {
        await bench.emptyRedis();
        return perSecond(count, () => createOneTime(bench, count, (i) => Date.now() + HOUR_MS + i));
      },
      peer: () => bullCreates(bench, count),
    });
    const ratio = measured.ours / (measured.peer as number);
    return { ...measured, ratio, met: ratio >= TARGET };
  },
};
