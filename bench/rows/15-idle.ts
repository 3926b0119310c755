import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../parts/bench";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber } from "../parts/numbers";
import type { Row } from "../parts/row";
import { startWeb } from "../parts/web";

const TARGET_PERCENT = 2;
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // utime and stime are fields 14 and 15; the name in field 2 may contain spaces, so count from the bracket after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU time of the processes during `seconds`, in percent of one core. */
async function cpuPercent(pids: readonly number[], seconds: number): Promise<number> {
  const sum = async () => (await Promise.all(pids.map(cpuMs))).reduce((total, ms) => total + ms, 0);
  const before = await sum();
  await pause(seconds * 1000);
  return (100 * ((await sum()) - before)) / (seconds * 1000);
}

export const idle: Row = {
  id: 15,
  name: "Idle: no schedules due, worker and web together",
  unit: "% of a core",
  peer: null,
  target: `≤ ${TARGET_PERCENT} % of a core`,
  async measure(bench: Bench) {
    const seconds = 10;
    await bench.emptyRedis();
    const worker = await bench.startWorker();
    const web = await startWeb(bench);
    const storePercents: number[] = [];
    try {
      await pause(bench.quick ? 10_000 : 30_000);
      const measured = await measureAlternately(bench, {
        ours: async () => {
          const [productPercent, storePercent] = await Promise.all([
            cpuPercent([worker.pid, web.pid], seconds),
            cpuPercent([bench.redis.pid, bench.clickhouse.pid], seconds),
          ]);
          storePercents.push(storePercent);
          return productPercent;
        },
      });
      const notes = [`Redis and the embedded ClickHouse in addition: ${storePercents.map(formatNumber).join(", ")} %`];
      return { ...measured, ratio: null, met: measured.ours <= TARGET_PERCENT, notes };
    } finally {
      await web.stop();
    }
  },
};
