import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { SCHEDULE_ROW } from "~/server/adapters/clickhouse/schedules/schedule-row";
import { promoteOnce } from "~/server/services/firing/promote-once";
import { type Bench, until } from "../parts/bench";
import { type DataSet, dataSet, largeDataSet, SIZES } from "../parts/data-set";
import { measureSizes } from "../parts/grow";
import { measureAlternately } from "../parts/measure-alternately";
import { formatNumber } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET = 0.3;
const TARGET_MB = 400;
const PROMOTED_COUNT = 1000;
/** The default of `TRANSFER_HORIZON_SECONDS`. */
const TRANSFER_HORIZON_MS = 3_600_000;
const DUE_IN_MS = TRANSFER_HORIZON_MS / 2;

/** Copies one-time schedules under new ids. Only the copies are due within the transfer horizon. */
async function addDue({ client, nowMs }: DataSet): Promise<void> {
  await client.command({
    sql: `INSERT INTO event_schedules SELECT * REPLACE (
        toString(generateUUIDv7(schedule_id)) AS schedule_id, NULL AS name, true AS enabled, false AS completed,
        fromUnixTimestamp64Milli({due:Int64}, 'UTC') AS execution_time,
        fromUnixTimestamp64Milli({due:Int64}, 'UTC') AS next_execution)
      FROM event_schedules WHERE cron_expression IS NULL LIMIT {moved:UInt32}`,
    params: { due: nowMs + DUE_IN_MS, moved: PROMOTED_COUNT },
  });
}

async function promotionMs(bench: Bench, data: DataSet): Promise<number> {
  await bench.emptyRedis();
  const report = await promoteOnce(data.ctx.deps);
  if (report.promoted !== PROMOTED_COUNT)
    throw new Error(`${report.promoted} schedules were promoted instead of ${PROMOTED_COUNT}`);
  return report.tookMs;
}

/** Time of the peer, ms: a full scan of the catalogue with FINAL. */
async function peerMs({ client, nowMs }: DataSet): Promise<number> {
  const started = performance.now();
  const rows = await client.select(SCHEDULE_ROW.row, {
    sql: `SELECT ${SCHEDULE_ROW.selected} FROM event_schedules FINAL
      WHERE tier = 'clickhouse' AND enabled AND NOT completed AND NOT deleted
        AND next_execution < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
      ORDER BY next_execution LIMIT {moved:UInt32}`,
    params: { before: nowMs + TRANSFER_HORIZON_MS, moved: PROMOTED_COUNT },
  });
  if (rows.length !== PROMOTED_COUNT)
    throw new Error(`the scan found ${rows.length} schedules instead of ${PROMOTED_COUNT}`);
  return performance.now() - started;
}

/** Peak resident memory of a worker up to two seconds after the promotion, MB. */
async function workerMb(bench: Bench, data: DataSet): Promise<number> {
  await bench.emptyRedis();
  const worker = await bench.startWorker({ CLICKHOUSE_DATABASE: data.database });
  const { hot } = bench.ctx.deps;
  await until("the promotion", 60_000, async () => (await hot.stats()).pending >= PROMOTED_COUNT, 100);
  await pause(2000);
  const status = await readFile(`/proc/${worker.pid}/status`, "utf8");
  await bench.emptyRedis();
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
}

async function measurePromotion(bench: Bench, data: DataSet) {
  await addDue(data);
  return measureAlternately(bench, { ours: () => promotionMs(bench, data), peer: () => peerMs(data) });
}

export const promotion: Row = {
  id: 9,
  name: "Promotion cycle that moves 1,000 of 10,000,000 long-term schedules",
  unit: "ms",
  peer: "full FINAL scan",
  target: `≤ ${TARGET} × peer; worker ≤ ${TARGET_MB} MB`,
  async measure(bench) {
    const data = await largeDataSet(bench);
    const measured = await measurePromotion(bench, data);
    const mb = await workerMb(bench, data);
    const ratio = measured.ours / (measured.peer as number);
    const notes = [`worker at most ${formatNumber(mb)} MB`];
    if (bench.quick) notes.push(`with ${data.schedules.toLocaleString("en")} schedules`);
    return { ...measured, ratio, met: ratio <= TARGET && mb <= TARGET_MB, notes };
  },
  grow: (bench) =>
    measureSizes(
      bench,
      { title: "A promotion cycle that moves 1,000", sizeUnit: "long-term schedules", unit: "ms" },
      {
        sizes: SIZES,
        async valueAt(schedules) {
          const data = await dataSet(bench, { schedules, executions: schedules });
          return (await measurePromotion(bench, data)).ours;
        },
      },
    ),
};
