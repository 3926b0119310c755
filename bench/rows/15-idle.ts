import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../parts/bench";
import { inTurn } from "../parts/in-turn";
import { short } from "../parts/numbers";
import type { Row } from "../parts/row";
import { startWeb } from "../parts/web";

const TARGET_PERCENT = 2;
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function share(pids: readonly number[], seconds: number): Promise<number> {
  const sum = async () => (await Promise.all(pids.map(cpuMs))).reduce((total, ms) => total + ms, 0);
  const before = await sum();
  await pause(seconds * 1000);
  return ((await sum()) - before) / (seconds * 10);
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
    const stores: number[] = [];
    try {
      await pause(bench.quick ? 10_000 : 30_000);
      const measured = await inTurn(bench, {
        ours: async () => {
          const [ours, theirs] = await Promise.all([
            share([worker.pid, web.pid], seconds),
            share([bench.redis.pid, bench.clickhouse.pid], seconds),
          ]);
          stores.push(theirs);
          return ours;
        },
      });
      const notes = [`Redis and the embedded ClickHouse in addition: ${stores.map(short).join(", ")} %`];
      return { ...measured, ratio: null, met: measured.ours <= TARGET_PERCENT, notes };
    } finally {
      await web.stop();
    }
  },
};
