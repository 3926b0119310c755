import { z } from "zod";
import { analyticsPerformance } from "~/server/services/analytics";
import type { Bench } from "../parts/bench";
import { type DataSet, dataSet, largeDataSet, SIZES, timed } from "../parts/data-set";
import { measureSizes } from "../parts/grow";
import { formatNumber, median, percentile } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET = 0.05;
const TARGET_MS = 200;
const HOUR_MS = 3_600_000;

const RANGES = {
  "7 days by the hour": { hours: 7 * 24, bucketSeconds: 3600 },
  "90 days by the day": { hours: 90 * 24, bucketSeconds: 86_400 },
} as const;

/** Computes the figures of `analyticsPerformance` from the ledger. */
function fromLedger({ client, nowMs }: DataSet, range: { hours: number; bucketSeconds: number }) {
  return client.select(z.unknown(), {
    sql: `SELECT toStartOfInterval(scheduled_for, toIntervalSecond({bucket:UInt32})) AS at, outcome, count() AS executions,
        countIf(late) AS late_count, quantiles(0.5, 0.95, 0.99)(lateness_ms) AS lateness
      FROM schedule_execution_results
      WHERE scheduled_for >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND scheduled_for < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      GROUP BY at, outcome ORDER BY at`,
    params: { bucket: range.bucketSeconds, from: nowMs - range.hours * HOUR_MS, to: nowMs },
  });
}

/** For each range: p95 and median of the product, and the median of `fromLedger` (`raw`), ms. */
async function analyticsTimes(bench: Bench, data: DataSet) {
  const to = new Date(data.nowMs).toISOString();
  const entries = Object.entries(RANGES);
  const ctx = { ...data.ctx, deps: { ...data.ctx.deps, clock: { now: () => data.nowMs } } };
  const ours = await timed(
    bench.runs * 4,
    Object.fromEntries(
      entries.map(([name, { hours }]) => [
        name,
        () =>
          analyticsPerformance({
            ctx,
            input: { hours, from: data.nowMs - hours * HOUR_MS, to: Date.parse(to), timezone: "UTC", maxBuckets: 300 },
          }),
      ]),
    ),
  );
  const peer = await timed(
    3,
    Object.fromEntries(entries.map(([name, range]) => [name, () => fromLedger(data, range)])),
  );
  return entries.map(([name]) => ({
    name,
    p95: percentile(ours[name] ?? [], 0.95),
    ours: median(ours[name] ?? []),
    raw: median(peer[name] ?? []),
    runs: { ours: ours[name] ?? [], peer: peer[name] ?? [] },
  }));
}

export const analytics: Row = {
  id: 12,
  name: "Analytics: outcomes and lateness percentiles, 7 days by the hour and 90 days by the day: the worse ratio",
  unit: "ms",
  peer: "the same from the ledger",
  target: `≤ ${TARGET} × peer, p95 ≤ ${TARGET_MS} ms at 100,000,000 rows`,
  async measure(bench) {
    const data = await largeDataSet(bench);
    const found = await analyticsTimes(bench, data);
    const worst = found.reduce((one, other) => (other.ours / other.raw > one.ours / one.raw ? other : one));
    const ratio = worst.ours / worst.raw;
    const isFast = found.every((one) => one.p95 <= TARGET_MS);
    return {
      ours: worst.ours,
      peer: worst.raw,
      ratio,
      met: ratio <= TARGET && isFast && data.executions >= 100_000_000,
      runs: worst.runs,
      notes: [
        `${data.executions.toLocaleString("en")} rows; ${found.map((one) => `${one.name}: p95 ${formatNumber(one.p95)} ms, from the ledger ${formatNumber(one.raw)} ms`).join("; ")}`,
      ],
    };
  },
  grow: (bench) =>
    measureSizes(
      bench,
      {
        title: "Analytics: the slower of 7 days by the hour and 90 days by the day",
        sizeUnit: "rows in the ledger",
        unit: "ms",
      },
      {
        sizes: SIZES,
        async valueAt(executions) {
          const found = await analyticsTimes(bench, await dataSet(bench, { schedules: executions, executions }));
          return Math.max(...found.map((one) => one.ours));
        },
      },
    ),
};
