import { z } from "zod";
import { seed } from "~/scripts/seed/run";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { createStore } from "~/server/adapters/clickhouse/store";
import type { Ctx } from "~/server/services/ctx";
import { type Bench, until } from "./bench";
import { formatNumber } from "./numbers";

/** A separate database with generated schedules and executions. */
export interface DataSet {
  database: string;
  schedules: number;
  executions: number;
  /** The end of the history, epoch ms. */
  nowMs: number;
  client: ClickHouse;
  /** For services on this database. */
  ctx: Ctx;
}

/** Numbers of schedules or ledger rows in the growth plots. */
export const SIZES = [10_000, 100_000, 1_000_000, 10_000_000] as const;
const DAYS = 90;
/** No generated schedule is due within this time, so that promotion finds only the schedules that a row adds. */
const QUIET_MS = 3 * 3_600_000;
const TIMEOUT_MS = 600_000;

const Count = z.object({ n: z.int() });

const dataSets = new WeakMap<Bench, Map<string, Promise<DataSet>>>();

interface Size {
  schedules: number;
  executions: number;
  /** Time limit for generating executions. */
  fillMs?: number;
}

/**
 * Time from the start of the bench by which the large data set should be generated. A complete run should take less
 * than 30 minutes.
 */
const GENERATED_WITHIN_MS = 22 * 60_000;
/** The other part of the remaining time is for the roll-ups. */
const GENERATING_FRACTION = 0.6;
const MIN_FILL_MS = 60_000;

/**
 * The large data set. On a slow machine it has fewer executions, so that the run ends in time.
 */
export function largeDataSet(bench: Bench): Promise<DataSet> {
  const fillMs = Math.max(MIN_FILL_MS, (GENERATED_WITHIN_MS - bench.spentMs()) * GENERATING_FRACTION);
  return dataSet(bench, { ...bench.sizes.large, fillMs });
}

/** Generates the data set of a size at the first call. Later calls return the same data set. */
export function dataSet(bench: Bench, size: Size): Promise<DataSet> {
  const known = dataSets.get(bench) ?? new Map<string, Promise<DataSet>>();
  dataSets.set(bench, known);
  const database = `bench_${size.schedules}_${size.executions}`;
  const set = known.get(database) ?? make(bench, database, size);
  known.set(database, set);
  return set;
}

async function make(bench: Bench, database: string, size: Size): Promise<DataSet> {
  const nowMs = Date.now();
  const client = createClickHouse({ url: bench.clickhouse.url, database, requestTimeoutMs: TIMEOUT_MS });
  const started = performance.now();
  await migrate(client, { database, cluster: null, withLock: (run) => run() });
  // Merges would disturb the measurements. An unmerged ledger is slower, so this does not favour the product.
  await client.command({ sql: "SYSTEM STOP MERGES schedule_execution_results" });
  const request = { ...size, days: DAYS, nowMs, dueFromMs: nowMs + QUIET_MS };
  const { executions } = await seed(client, request, () => undefined);
  await requireWhole(client, executions);
  await until("the catalogue's merges", TIMEOUT_MS, () => isMerged(client), 500);
  const took = (performance.now() - started) / 1000;
  bench.say(
    `    ${formatNumber(size.schedules)} schedules and ${formatNumber(executions)} executions generated in ${formatNumber(took)} s`,
  );
  const deps = { ...bench.ctx.deps, store: createStore(client) };
  return { database, schedules: size.schedules, executions, nowMs, client, ctx: { ...bench.ctx, deps } };
}

async function isMerged(client: ClickHouse): Promise<boolean> {
  const sql = "SELECT count() AS n FROM system.merges WHERE database = currentDatabase() AND table = 'event_schedules'";
  return (await client.select(Count, { sql }))[0]?.n === 0;
}

/** Throws unless the ledger and the roll-ups have all executions. */
async function requireWhole(client: ClickHouse, executions: number): Promise<void> {
  const count = async (sql: string) => (await client.select(Count, { sql }))[0]?.n;
  const rows = await count("SELECT count() AS n FROM schedule_execution_results");
  const hours = await count("SELECT sum(executions) AS n FROM schedule_performance_metrics");
  const days = await count("SELECT sum(executions) AS n FROM schedule_performance_days");
  const totals = await count("SELECT sum(executions) AS n FROM schedule_performance_totals");
  if ([rows, hours, days, totals].some((n) => n !== executions)) {
    throw new Error(
      `${executions} executions were generated; the ledger has ${rows}, the hourly roll-up ${hours}, the daily roll-up ${days}, the totals ${totals}`,
    );
  }
}

/**
 * Runs all queries in `rounds` rounds, after a first round that is not measured. Returns the times of each query, ms.
 */
export async function timed(
  rounds: number,
  queries: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number[]>> {
  const measured = Object.entries(queries).map(([name, ask]) => ({ name, ask, times: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { ask, times } of measured) {
      const started = performance.now();
      await ask();
      if (round > 0) times.push(performance.now() - started);
    }
  }
  return Object.fromEntries(measured.map(({ name, times }) => [name, times]));
}
