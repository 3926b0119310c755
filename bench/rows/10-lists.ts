import type { Bench } from "../parts/bench";
import { type DataSet, dataSet, largeDataSet, SIZES, timed } from "../parts/data-set";
import { overSizes } from "../parts/grow";
import { percentile, short } from "../parts/numbers";
import type { Row } from "../parts/row";
import { API_KEY, startWeb } from "../parts/web";

const REACH_MS = 200;
const REACH_LARGE_MS = 1000;

/** What the schedules page asks, as a program would. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "newest first": "/admin/schedules?limit=50",
  "by next time": "/admin/schedules?limit=50&sort=next_execution&status=active",
  "of a topic": "/admin/schedules?limit=50&topic=billing.events&tier=clickhouse",
  "part of a name": "/admin/schedules?limit=50&q=send-invoice-12",
  "rare part": "/admin/schedules?limit=50&q=reindex-4242",
  facets: "/api/trpc/schedules.facets",
};

/** Every call's time, ms, by question. */
async function listTimes(bench: Bench, data: DataSet): Promise<Record<string, number[]>> {
  await bench.emptyRedis();
  // Without one the app does not call itself healthy.
  await bench.startWorker({ CLICKHOUSE_DATABASE: data.database });
  const web = await startWeb(bench, { CLICKHOUSE_DATABASE: data.database });
  const ask = (path: string) => async () => {
    const answer = await fetch(web.url + path, { headers: { Authorization: `Bearer ${API_KEY}` } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  };
  try {
    const questions = Object.entries(QUESTIONS).map(([name, path]) => [name, ask(path)]);
    return await timed(bench.quick ? 5 : 20, Object.fromEntries(questions));
  } finally {
    await web.stop();
    await bench.emptyRedis();
  }
}

/** The slowest question's 95th percentile. */
const worstP95 = (times: Record<string, number[]>) =>
  Math.max(...Object.values(times).map((values) => percentile(values, 0.95)));

const told = (times: Record<string, number[]>) =>
  Object.entries(times)
    .map(([name, values]) => `${name} ${short(percentile(values, 0.95))}`)
    .join(", ");

export const lists: Row = {
  id: 10,
  name: "Schedules list, search by part of a name and facets at 1,000,000, through the API: the slowest p95",
  unit: "ms",
  peer: null,
  reach: `≤ ${REACH_MS} ms; at 10,000,000 ≤ ${REACH_LARGE_MS / 1000} s`,
  async measure(bench) {
    const [million, large] = [await dataSet(bench, bench.sizes.million), await largeDataSet(bench)];
    const times = await listTimes(bench, million);
    const timesLarge = await listTimes(bench, large);
    const [ours, oursLarge] = [worstP95(times), worstP95(timesLarge)];
    return {
      ours,
      peer: null,
      ratio: null,
      reached: ours <= REACH_MS && oursLarge <= REACH_LARGE_MS && !bench.quick,
      runs: { ours: Object.values(times).flat(), peer: [] },
      notes: [
        `p95 in ms at ${million.schedules.toLocaleString("en")}: ${told(times)}`,
        `at ${large.schedules.toLocaleString("en")}: ${told(timesLarge)}`,
      ],
    };
  },
  grow: (bench) =>
    overSizes(
      bench,
      { title: "The slowest question of the schedules page, p95", size: "schedules", unit: "ms" },
      {
        sizes: SIZES,
        async valueAt(schedules) {
          return worstP95(await listTimes(bench, await dataSet(bench, { schedules, executions: schedules })));
        },
      },
    ),
};
