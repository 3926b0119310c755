import type { ClickHouseSettings } from "@clickhouse/client";
import { z } from "zod";
import { listExecutions } from "~/server/services/executions";
import { ListExecutionsInput } from "~/server/services/executions/inputs";
import type { Bench } from "../parts/bench";
import { type DataSet, largeDataSet, timed } from "../parts/data-set";
import { formatNumber, percentile } from "../parts/numbers";
import type { Row } from "../parts/row";

const TARGET_MS = 150;
const DAY_MS = 86_400_000;

/** Settings that turn off the sorting key, partition pruning, indexes, projections and the query condition cache. */
const UNINDEXED = {
  use_primary_key: 0,
  use_skip_indexes: 0,
  use_partition_pruning: 0,
  use_query_condition_cache: 0,
  optimize_use_projections: 0,
  optimize_read_in_order: 0,
} as ClickHouseSettings;

const iso = (ms: number) => new Date(ms).toISOString();
const Id = z.object({ id: z.string() });

interface Query {
  /** The filter of the executions page. */
  filter: Record<string, string>;
  /** The same condition in SQL. */
  where: string;
}

/** The queries of the executions page. Repetitions differ, so that no cache answers them. */
async function queriesOf({ client, nowMs }: DataSet): Promise<Record<string, (repetition: number) => Query>> {
  const schedules = await client.select(Id, {
    sql: "SELECT DISTINCT schedule_id AS id FROM schedule_execution_results LIMIT 100",
  });
  const day = (repetition: number): Query => {
    const [from, to] = [nowMs - DAY_MS - repetition, nowMs - repetition];
    return {
      filter: { from: iso(from), to: iso(to) },
      where: `scheduled_for >= fromUnixTimestamp64Milli(${from}, 'UTC') AND scheduled_for < fromUnixTimestamp64Milli(${to}, 'UTC')`,
    };
  };
  return {
    "newest of 24 h": day,
    "one schedule": (repetition) => {
      const scheduleId = schedules[repetition % schedules.length]?.id ?? "";
      return { filter: { scheduleId }, where: `schedule_id = '${scheduleId}'` };
    },
    "by status and topic": (repetition) => {
      const { filter, where } = day(repetition);
      return {
        filter: { ...filter, status: "dead", topic: "crm.events" },
        where: `${where} AND outcome = 'dead' AND topic = 'crm.events'`,
      };
    },
  };
}

/** The times of each query, ms. */
function timesOf(
  queries: Record<string, (repetition: number) => Query>,
  rounds: number,
  ask: (query: Query) => Promise<unknown>,
): Promise<Record<string, number[]>> {
  const calls = Object.entries(queries).map(([name, query]) => {
    let repetition = 0;
    return [name, () => ask(query(repetition++))] as const;
  });
  return timed(rounds, Object.fromEntries(calls));
}

const worstP95 = (times: Record<string, number[]>) =>
  Math.max(...Object.values(times).map((values) => percentile(values, 0.95)));

const describeP95 = (times: Record<string, number[]>) =>
  Object.entries(times)
    .map(([name, values]) => `${name} ${formatNumber(percentile(values, 0.95))}`)
    .join(", ");

export const explorer: Row = {
  id: 11,
  name: "Executions explorer: newest page of 24 h, one schedule's history, by status and topic: the slowest p95",
  unit: "ms",
  peer: "the same without our order and indexes",
  target: `p95 ≤ ${TARGET_MS} ms at 100,000,000 rows`,
  async measure(bench: Bench) {
    const data = await largeDataSet(bench);
    const queries = await queriesOf(data);
    const ours = await timesOf(queries, bench.runs * 4, ({ filter }) =>
      listExecutions({ ctx: data.ctx, input: ListExecutionsInput.parse({ limit: 50, ...filter }) }),
    );
    const peer = await timesOf(queries, 3, ({ where }) =>
      data.client.select(Id, {
        sql: `SELECT execution_id AS id FROM schedule_execution_results WHERE ${where}
          ORDER BY scheduled_for DESC, execution_id DESC LIMIT 50`,
        settings: UNINDEXED,
      }),
    );
    const [worst, raw] = [worstP95(ours), worstP95(peer)];
    return {
      ours: worst,
      peer: raw,
      ratio: worst / raw,
      met: worst <= TARGET_MS && data.executions >= 100_000_000,
      runs: { ours: Object.values(ours).flat(), peer: Object.values(peer).flat() },
      notes: [
        `${data.executions.toLocaleString("en")} rows; p95 in ms: ${describeP95(ours)}; without order and indexes: ${describeP95(peer)}`,
      ],
    };
  },
};
