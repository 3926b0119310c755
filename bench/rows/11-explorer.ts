import { z } from "zod";
import { listExecutions } from "~/server/services/executions";
import { ListExecutionsInput } from "~/server/services/executions/inputs";
import type { Bench } from "../parts/bench";
import { type DataSet, dataSet, timed } from "../parts/data-set";
import { percentile, short } from "../parts/numbers";
import type { Row } from "../parts/row";
import { withUnordered } from "../parts/unordered";

const REACH_MS = 150;
const DAY_MS = 86_400_000;

const iso = (ms: number) => new Date(ms).toISOString();

/** What the explorer asks, and the condition that says the same of the raw table. */
async function questionsOf({ client, nowMs }: DataSet) {
  const day = { from: iso(nowMs - DAY_MS), to: iso(nowMs) };
  const [busiest] = await client.select(z.object({ id: z.string() }), {
    sql: "SELECT schedule_id AS id FROM schedule_execution_results LIMIT 1",
  });
  const within = `scheduled_for >= fromUnixTimestamp64Milli(${nowMs - DAY_MS}, 'UTC') AND scheduled_for < fromUnixTimestamp64Milli(${nowMs}, 'UTC')`;
  const scheduleId = busiest?.id ?? "";
  return {
    "newest of 24 h": { filter: day, where: within },
    "one schedule": { filter: { scheduleId }, where: `schedule_id = '${scheduleId}'` },
    "by status and topic": {
      filter: { ...day, status: "dead", topic: "crm.events" },
      where: `${within} AND outcome = 'dead' AND topic = 'crm.events'`,
    },
  };
}

export const explorer: Row = {
  id: 11,
  name: "Executions explorer: newest page of 24 h, one schedule's history, by status and topic: the slowest p95",
  unit: "ms",
  peer: "the same over the rows in no order",
  reach: `p95 ≤ ${REACH_MS} ms at 100,000,000 rows`,
  async measure(bench: Bench) {
    const data = await dataSet(bench, bench.sizes.large);
    const questions = Object.entries(await questionsOf(data));
    const list = (filter: object) => () =>
      listExecutions({ ctx: data.ctx, input: ListExecutionsInput.parse({ limit: 50, ...filter }) });
    const ours = await timed(bench.runs * 4, Object.fromEntries(questions.map(([name, q]) => [name, list(q.filter)])));
    const peer = await withUnordered(data, (table) => {
      const scan = (where: string) => () =>
        data.client.select(z.object({ id: z.string() }), {
          sql: `SELECT execution_id AS id FROM ${table} WHERE ${where} ORDER BY scheduled_for DESC, execution_id DESC LIMIT 50`,
        });
      return timed(bench.runs, Object.fromEntries(questions.map(([name, q]) => [name, scan(q.where)])));
    });
    const worst = Math.max(...Object.values(ours).map((values) => percentile(values, 0.95)));
    const raw = Math.max(...Object.values(peer).map((values) => percentile(values, 0.95)));
    const told = (times: Record<string, number[]>) =>
      Object.entries(times)
        .map(([name, values]) => `${name} ${short(percentile(values, 0.95))}`)
        .join(", ");
    return {
      ours: worst,
      peer: raw,
      ratio: worst / raw,
      reached: worst <= REACH_MS && data.executions >= 100_000_000,
      runs: { ours: Object.values(ours).flat(), peer: Object.values(peer).flat() },
      notes: [`${data.executions.toLocaleString("en")} rows; p95 in ms: ${told(ours)}; in no order: ${told(peer)}`],
    };
  },
};
