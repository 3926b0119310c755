import { type Bench, until } from "../parts/bench";
import { openBull } from "../parts/bullmq";
import { createOneTime, latenesses } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber, median, percentile } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET = 0.2;
const PER_SECOND = 500;
/** Time from the first create to the first due time. */
export const LEAD_MS = 3000;

/** The lateness of each event of a steady stream, ms. `meanwhile` is called after the creates. */
export async function ourLateness(
  bench: Bench,
  input: { perSecond: number; seconds: number; meanwhile?: () => Promise<void> },
): Promise<number[]> {
  await bench.emptyRedis();
  await bench.startWorker();
  const count = input.perSecond * input.seconds;
  const startMs = Date.now() + LEAD_MS;
  await createOneTime(bench, count, (i) => startMs + Math.floor((i * 1000) / input.perSecond));
  const others = input.meanwhile?.();
  let found: number[] = [];
  await until(
    "the stream",
    60_000 + input.seconds * 1000,
    async () => {
      found = Date.now() < startMs + input.seconds * 1000 ? [] : await latenesses(bench);
      return found.length >= count;
    },
    500,
  );
  await others;
  return found;
}

async function bullLateness(bench: Bench, seconds: number): Promise<number[]> {
  await bench.emptyRedis();
  const bull = openBull(bench.redis.url);
  try {
    const count = PER_SECOND * seconds;
    const { done } = await bull.startWorker(count);
    const startMs = Date.now() + LEAD_MS;
    await bull.add(count, (i) => startMs + Math.floor((i * 1000) / PER_SECOND));
    return (await done).latenesses;
  } finally {
    await bull.close();
  }
}

export const lateness: Row = {
  id: 2,
  name: `Lateness at a steady ${PER_SECOND}/s, p99`,
  unit: "ms",
  peer: "BullMQ, concurrency 100",
  target: `≤ 1/${1 / TARGET} of peer`,
  async measure(bench) {
    const seconds = bench.quick ? 3 : 8;
    const p50s = { ours: [] as number[], peer: [] as number[] };
    const side = async (name: "ours" | "peer", found: Promise<number[]>) => {
      const values = await found;
      p50s[name].push(percentile(values, 0.5));
      return percentile(values, 0.99);
    };
    const measured = await measureAlternately(bench, {
      ours: () => side("ours", ourLateness(bench, { perSecond: PER_SECOND, seconds })),
      peer: () => side("peer", bullLateness(bench, seconds)),
    });
    const ratio = measured.ours / (measured.peer as number);
    const notes = [`p50: ours ${formatNumber(median(p50s.ours))} ms, peer ${formatNumber(median(p50s.peer))} ms`];
    return { ...measured, ratio, met: ratio <= TARGET, notes };
  },
};
