import type { ClickHouseSettings } from "@clickhouse/client";
import { z } from "zod";
import { listExecutions } from "~/server/services/executions";
import { ListExecutionsInput } from "~/server/services/executions/inputs";
import type { Bench } from "../parts/bench";
import { type DataSet, largeDataSet, timed } from "../parts/data-set";
import { percentile, short } from "../parts/numbers";
import type { Row } from "../parts/row";

const REACH_MS = 150;
const DAY_MS = 86_400_000;

/**
 * The rows as they would be found without our order, indexes and projections; and without what an earlier, equal
 * question has left behind.
 */
const RAW = {
  use_primary_key: 0,
  use_skip_indexes: 0,
  use_partition_pruning: 0,
  use_query_condition_cache: 0,
  optimize_use_projections: 0,
  optimize_read_in_order: 0,
} as ClickHouseSettings;

const iso = (ms: number) => new Date(ms).toISOString();
const Id = z.object({ id: z.string() });

interface Question {
  /** For the explorer. */
  filter: Record<string, string>;
  /** The condition that says the same of the raw rows. */
  where: string;
}

/** What the explorer asks; no two times the same, as the day moves on and another schedule is looked at. */
async function questionsOf({ client, nowMs }: DataSet): Promise<Record<string, (time: number) => Question>> {
  const schedules = await client.select(Id, {
    sql: "SELECT DISTINCT schedule_id AS id FROM schedule_execution_results LIMIT 100",
  });
  const day = (time: number): Question => {
    const [from, to] = [nowMs - DAY_MS - time, nowMs - time];
    return {
      filter: { from: iso(from), to: iso(to) },
      where: `scheduled_for >= fromUnixTimestamp64Milli(${from}, 'UTC') AND scheduled_for < fromUnixTimestamp64Milli(${to}, 'UTC')`,
    };
  };
  return {
    "newest of 24 h": day,
    "one schedule": (time) => {
      const scheduleId = schedules[time % schedules.length]?.id ?? "";
      return { filter: { scheduleId }, where: `schedule_id = '${scheduleId}'` };
    },
    "by status and topic": (time) => {
      const { filter, where } = day(time);
      return {
        filter: { ...filter, status: "dead", topic: "crm.events" },
        where: `${where} AND outcome = 'dead' AND topic = 'crm.events'`,
      };
    },
  };
}

/** Each question asked in one way, `rounds` times: ms by question. */
function asked(
  questions: Record<string, (time: number) => Question>,
  rounds: number,
  ask: (question: Question) => Promise<unknown>,
): Promise<Record<string, number[]>> {
  const calls = Object.entries(questions).map(([name, question]) => {
    let time = 0;
    return [name, () => ask(question(time++))] as const;
  });
  return timed(rounds, Object.fromEntries(calls));
}

const worstP95 = (times: Record<string, number[]>) =>
  Math.max(...Object.values(times).map((values) => percentile(values, 0.95)));

const told = (times: Record<string, number[]>) =>
  Object.entries(times)
    .map(([name, values]) => `${name} ${short(percentile(values, 0.95))}`)
    .join(", ");

export const explorer: Row = {
  id: 11,
  name: "Executions explorer: newest page of 24 h, one schedule's history, by status and topic: the slowest p95",
  unit: "ms",
  peer: "the same without our order and indexes",
  reach: `p95 ≤ ${REACH_MS} ms at 100,000,000 rows`,
  async measure(bench: Bench) {
    const data = await largeDataSet(bench);
    const questions = await questionsOf(data);
    const ours = await asked(questions, bench.runs * 4, ({ filter }) =>
      listExecutions({ ctx: data.ctx, input: ListExecutionsInput.parse({ limit: 50, ...filter }) }),
    );
    const peer = await asked(questions, 3, ({ where }) =>
      data.client.select(Id, {
        sql: `SELECT execution_id AS id FROM schedule_execution_results WHERE ${where}
          ORDER BY scheduled_for DESC, execution_id DESC LIMIT 50`,
        settings: RAW,
      }),
    );
    const [worst, raw] = [worstP95(ours), worstP95(peer)];
    return {
      ours: worst,
      peer: raw,
      ratio: worst / raw,
      reached: worst <= REACH_MS && data.executions >= 100_000_000,
      runs: { ours: Object.values(ours).flat(), peer: Object.values(peer).flat() },
      notes: [
        `${data.executions.toLocaleString("en")} rows; p95 in ms: ${told(ours)}; without order and indexes: ${told(peer)}`,
      ],
    };
  },
};
