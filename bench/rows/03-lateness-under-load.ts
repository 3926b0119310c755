import { setTimeout as pause } from "node:timers/promises";
import { createOneTime } from "../parts/load";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber, percentile } from "../parts/numbers";
import type { Row } from "../parts/row";
import { LEAD_MS, ourLateness } from "./02-lateness";

const TARGET_MS = 100;
const PER_SECOND = 2000;
const HOUR_MS = 3_600_000;

export const latenessUnderLoad: Row = {
  id: 3,
  name: `Lateness at ${PER_SECOND.toLocaleString("en")}/s while other schedules are created, p99`,
  unit: "ms",
  peer: null,
  target: `≤ ${TARGET_MS} ms`,
  async measure(bench) {
    const seconds = bench.quick ? 3 : 6;
    const others = bench.quick ? 20_000 : 100_000;
    const alone: number[] = [];
    const measured = await measureAlternately(bench, {
      ours: async () => {
        alone.push(percentile(await ourLateness(bench, { perSecond: PER_SECOND, seconds }), 0.99));
        const meanwhile = async () => {
          await pause(LEAD_MS);
          await createOneTime(bench, others, (i) => Date.now() + HOUR_MS + i);
        };
        return percentile(await ourLateness(bench, { perSecond: PER_SECOND, seconds, meanwhile }), 0.99);
      },
    });
    const notes = [`${others.toLocaleString("en")} others; without them: p99 ${alone.map(formatNumber).join(", ")} ms`];
    const met = measured.ours <= TARGET_MS && alone.every((value) => value <= TARGET_MS);
    return { ...measured, ratio: null, met, notes };
  },
};
