import type { Bench } from "../parts/bench";
import { type DataSet, dataSet, largeDataSet, SIZES, timed } from "../parts/data-set";
import { measureSizes } from "../parts/grow";
import { formatNumber, percentile } from "../parts/numbers";
import type { Row } from "../parts/row";
import { API_KEY, startWeb } from "../parts/web";

const TARGET_MS = 200;
const TARGET_LARGE_MS = 1000;

/** The queries of the schedules page, as API calls. */
const QUERIES: Readonly<Record<string, string>> = {
  "newest first": "/admin/schedules?limit=50",
  "by next time": "/admin/schedules?limit=50&sort=next_execution&status=active",
  "of a topic": "/admin/schedules?limit=50&topic=billing.events&tier=clickhouse",
  "part of a name": "/admin/schedules?limit=50&q=send-invoice-12",
  "rare part": "/admin/schedules?limit=50&q=reindex-4242",
  facets: "/api/trpc/schedules.facets",
};

/** The times of each query, ms. */
async function listTimes(bench: Bench, data: DataSet): Promise<Record<string, number[]>> {
  await bench.emptyRedis();
  // `startWeb` waits until the installation is healthy, for which it needs a worker.
  await bench.startWorker({ CLICKHOUSE_DATABASE: data.database });
  const web = await startWeb(bench, { CLICKHOUSE_DATABASE: data.database });
  const ask = (path: string) => async () => {
    const answer = await fetch(web.url + path, { headers: { Authorization: `Bearer ${API_KEY}` } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  };
  try {
    const queries = Object.entries(QUERIES).map(([name, path]) => [name, ask(path)]);
    return await timed(bench.quick ? 5 : 20, Object.fromEntries(queries));
  } finally {
    await web.stop();
    await bench.emptyRedis();
  }
}

/** The 95th percentile of the slowest query. */
const worstP95 = (times: Record<string, number[]>) =>
  Math.max(...Object.values(times).map((values) => percentile(values, 0.95)));

const describeP95 = (times: Record<string, number[]>) =>
  Object.entries(times)
    .map(([name, values]) => `${name} ${formatNumber(percentile(values, 0.95))}`)
    .join(", ");

export const lists: Row = {
  id: 10,
  name: "Schedules list, search by part of a name and facets at 1,000,000, through the API: the slowest p95",
  unit: "ms",
  peer: null,
  target: `≤ ${TARGET_MS} ms; at 10,000,000 ≤ ${TARGET_LARGE_MS / 1000} s`,
  async measure(bench) {
    const [million, large] = [await dataSet(bench, bench.sizes.million), await largeDataSet(bench)];
    const times = await listTimes(bench, million);
    const timesLarge = await listTimes(bench, large);
    const [ours, oursLarge] = [worstP95(times), worstP95(timesLarge)];
    return {
      ours,
      peer: null,
      ratio: null,
      met: ours <= TARGET_MS && oursLarge <= TARGET_LARGE_MS && !bench.quick,
      runs: { ours: Object.values(times).flat(), peer: [] },
      notes: [
        `p95 in ms at ${million.schedules.toLocaleString("en")}: ${describeP95(times)}`,
        `at ${large.schedules.toLocaleString("en")}: ${describeP95(timesLarge)}`,
      ],
    };
  },
  grow: (bench) =>
    measureSizes(
      bench,
      { title: "The slowest query of the schedules page, p95", sizeUnit: "schedules", unit: "ms" },
      {
        sizes: SIZES,
        async valueAt(schedules) {
          return worstP95(await listTimes(bench, await dataSet(bench, { schedules, executions: schedules })));
        },
      },
    ),
};
