import { z } from "zod";
import { seed } from "~/scripts/seed/run";
import { type ClickHouse, createClickHouse } from "~/server/adapters/clickhouse/connection/client";
import { migrate } from "~/server/adapters/clickhouse/migrate";
import { createStore } from "~/server/adapters/clickhouse/store";
import type { Ctx } from "~/server/services/ctx";
import { type Bench, until } from "./bench";
import { short } from "./numbers";

/**
 * A catalogue and its history in a database of their own, made inside ClickHouse by the generator of `npm run seed`.
 */
export interface DataSet {
  database: string;
  schedules: number;
  executions: number;
  /** Up to when the history reaches. */
  nowMs: number;
  client: ClickHouse;
  /** The services over this database. */
  ctx: Ctx;
}

/** Schedules of the drawings of growth, and rows of their ledgers. */
export const SIZES = [10_000, 100_000, 1_000_000, 10_000_000] as const;
const DAYS = 90;
/** Nothing of the catalogue is due before this is over, so that what a row adds is all that there is to promote. */
const QUIET_MS = 3 * 3_600_000;
const TIMEOUT_MS = 600_000;

const Count = z.object({ n: z.int() });

const made = new WeakMap<Bench, Map<string, Promise<DataSet>>>();

interface Size {
  schedules: number;
  executions: number;
  fillMs?: number;
}

/** Of a complete run's 30 minutes, what may be over when the last made-up row is in its place. */
const MADE_BY_MS = 22 * 60_000;
/** Rolling up takes half as long as making. */
const FILL_SHARE = 0.6;
const LEAST_FILL_MS = 60_000;

/**
 * The large one. On a slow machine its history is shorter than asked for, and the rows measured on it say so: the run
 * has to end.
 */
export function largeDataSet(bench: Bench): Promise<DataSet> {
  const fillMs = Math.max(LEAST_FILL_MS, (MADE_BY_MS - bench.spentMs()) * FILL_SHARE);
  return dataSet(bench, { ...bench.sizes.large, fillMs });
}

/** Makes it at the first call; the rows of one run share it. */
export function dataSet(bench: Bench, size: Size): Promise<DataSet> {
  const known = made.get(bench) ?? new Map<string, Promise<DataSet>>();
  made.set(bench, known);
  const database = `bench_${size.schedules}_${size.executions}`;
  const one = known.get(database) ?? make(bench, database, size);
  known.set(database, one);
  return one;
}

async function make(bench: Bench, database: string, size: Size): Promise<DataSet> {
  const nowMs = Date.now();
  const client = createClickHouse({ url: bench.clickhouse.url, database, requestTimeoutMs: TIMEOUT_MS });
  const started = performance.now();
  await migrate(client, { database, cluster: null, withLock: (run) => run() });
  // What the ledger's merges would take of the machine belongs to no row; that it stays in many parts makes ours
  // slower, if anything.
  await client.command({ sql: "SYSTEM STOP MERGES schedule_execution_results" });
  const request = { ...size, days: DAYS, nowMs, dueFromMs: nowMs + QUIET_MS };
  const { executions } = await seed(client, request, () => undefined);
  await requireWhole(client, executions);
  await until("the catalogue's merges", TIMEOUT_MS, () => isMerged(client), 500);
  const took = (performance.now() - started) / 1000;
  bench.say(`    ${short(size.schedules)} schedules and ${short(executions)} executions made in ${short(took)} s`);
  const deps = { ...bench.ctx.deps, store: createStore(client) };
  return { database, schedules: size.schedules, executions, nowMs, client, ctx: { ...bench.ctx, deps } };
}

/** What was just made is not being rewritten any more. */
async function isMerged(client: ClickHouse): Promise<boolean> {
  const sql = "SELECT count() AS n FROM system.merges WHERE database = currentDatabase() AND table = 'event_schedules'";
  return (await client.select(Count, { sql }))[0]?.n === 0;
}

/** The ledger has its rows, and the roll-ups have all of them. */
async function requireWhole(client: ClickHouse, executions: number): Promise<void> {
  const count = async (sql: string) => (await client.select(Count, { sql }))[0]?.n;
  const rows = await count("SELECT count() AS n FROM schedule_execution_results");
  const hours = await count("SELECT sum(executions) AS n FROM schedule_performance_metrics");
  const days = await count("SELECT sum(executions) AS n FROM schedule_performance_days");
  const totals = await count("SELECT sum(executions) AS n FROM schedule_performance_totals");
  if ([rows, hours, days, totals].some((n) => n !== executions)) {
    throw new Error(
      `${executions} executions were made; the ledger has ${rows}, the hours ${hours}, the days ${days}, the totals ${totals}`,
    );
  }
}

/** Each question in turn, several times; ms of each call, the first round left out. */
export async function timed(
  rounds: number,
  questions: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Record<string, number[]>> {
  const asked = Object.entries(questions).map(([name, ask]) => ({ name, ask, times: [] as number[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { ask, times } of asked) {
      const started = performance.now();
      await ask();
      if (round > 0) times.push(performance.now() - started);
    }
  }
  return Object.fromEntries(asked.map(({ name, times }) => [name, times]));
}
