import { Gauge, Registry } from "prom-client";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { collectBreakers } from "./breakers";
import { addCapabilityMetrics } from "./capability-metrics";
import { getHealth } from "./health";
import { addQuarantineMetrics } from "./quarantine-metrics";
import { collectStats } from "./stats";

/** Counters of the workers live in Redis, so that every process tells the same sums and a restart loses none. */
const COUNTERS = [
  "published",
  "failed",
  "retried",
  "dead",
  "expired",
  "promoted",
  "recorded",
  "rescued",
  "held",
  "refused",
  "restored",
  "healed",
  "unexplained",
] as const;
export type Counter = (typeof COUNTERS)[number];

const key = (deps: Deps) => `${deps.facts.prefix}counters`;

/** Upper bounds of the histograms' buckets, seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
/** With the last bucket, of what is above all bounds. */
const BOUNDS = [...BUCKETS, "+Inf"] as const;
const HISTOGRAMS = {
  lateness: "From an event's effective time to the bus's acknowledgement.",
  publish: "How long the bus took for a batch.",
  promotion: "How long a cycle took that moves long-term schedules to Redis.",
} as const;
type Histogram = keyof typeof HISTOGRAMS;

/** Seconds observed, as increments of the shared buckets. */
function observed(values: Partial<Record<Histogram, readonly number[]>>): [string, number][] {
  const add = new Map<string, number>();
  for (const [name, seconds] of Object.entries(values)) {
    const counts = new Array<number>(BOUNDS.length).fill(0);
    let sum = 0;
    for (const value of seconds) {
      const above = BUCKETS.findIndex((bound) => value <= bound);
      const index = above < 0 ? BUCKETS.length : above;
      counts[index] = (counts[index] as number) + 1;
      sum += value;
    }
    for (const [index, n] of counts.entries()) if (n > 0) add.set(`${name}:${BOUNDS[index]}`, n);
    if (seconds.length > 0) add.set(`${name}:sum`, Math.round(sum * 1e6));
  }
  return [...add];
}

/** Adds to the shared counters and histograms, in one call; zeros are left out. Observed values are in seconds. */
export async function count(
  deps: Deps,
  add: Partial<Record<Counter, number>>,
  seconds: Partial<Record<Histogram, readonly number[]>> = {},
): Promise<void> {
  const entries = [...Object.entries(add), ...observed(seconds)].filter(([, n]) => n > 0);
  if (entries.length === 0) return;
  const pipeline = deps.redis.pipeline();
  for (const [name, n] of entries) pipeline.hincrby(key(deps), name, n);
  await pipeline.exec();
}

/** One of the shared counters. */
export async function counted(deps: Deps, name: Counter): Promise<number> {
  return Number((await deps.redis.hget(key(deps), name)) ?? 0);
}

/** All metrics in the Prometheus text format. */
export async function renderMetrics(call: { ctx: Ctx }): Promise<string> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const registry = new Registry();
  const health = await getHealth(call);
  addCapabilityMetrics(registry, health.capabilities);
  // What is away cannot be counted; that it is away must be told all the same.
  if (health.services.some(({ name, ok }) => STORES.includes(name) && !ok)) return registry.metrics();
  const [stats, breakers, quarantine, counters] = await Promise.all([
    collectStats(deps),
    collectBreakers(deps),
    deps.store.quarantined(1),
    deps.redis.hgetall(key(deps)),
  ]);
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: `stufio_schedules_${name}`, help, registers: [registry] }).set(value);
  gauge("total", "Schedules with something left to fire, both tiers.", stats.pending);
  gauge("pending", "Occurrences that wait in Redis.", stats.redisPending);
  gauge("processing", "Occurrences under a lease.", stats.running);
  gauge("completed", "Succeeded executions of the last 24 h.", stats.completed);
  gauge("error", "Dead and expired executions of the last 24 h.", stats.failed);
  gauge("transferred_to_redis", "Long-term schedules moved to Redis so far.", Number(counters.promoted ?? 0));
  gauge("overdue", "Occurrences that are due and not claimed.", stats.overdue);
  gauge("oldest_due_seconds", "Age of the oldest due occurrence.", stats.oldestDueMs / 1000);
  gauge("outbox_depth", "Changes that ClickHouse does not have yet.", stats.outboxDepth);
  gauge(
    "outbox_oldest_seconds",
    "Age of the oldest change that ClickHouse does not have yet.",
    stats.outboxOldestMs / 1000,
  );
  gauge("workers", "Workers alive.", stats.workers.filter((worker) => worker.alive).length);
  gauge("held", "Occurrences held for topics whose breakers are open.", stats.held);
  const state = new Gauge({
    name: "stufio_schedules_breaker_state",
    help: "0 closed, 1 half-open, 2 open.",
    labelNames: ["breaker"],
    registers: [registry],
  });
  for (const breaker of breakers) state.set({ breaker: breaker.name }, BREAKER_STATE[breaker.state]);
  addQuarantineMetrics(registry, { counters, waiting: quarantine.total });
  const lines = COUNTERS.map((name) => {
    const metric = `stufio_schedules_${name}_total`;
    return `# HELP ${metric} Count since the installation.\n# TYPE ${metric} counter\n${metric} ${Number(counters[name] ?? 0)}`;
  });
  const histograms = Object.entries(HISTOGRAMS).map(([name, help]) => histogramText(name, help, counters));
  return `${await registry.metrics()}\n${lines.join("\n")}\n${histograms.join("\n")}\n`;
}

const STORES = ["redis", "clickhouse"];
const BREAKER_STATE = { closed: 0, half_open: 1, open: 2 } as const;

function histogramText(name: string, help: string, counters: Readonly<Record<string, string>>): string {
  const metric = `stufio_schedules_${name}_seconds`;
  let total = 0;
  const lines = BOUNDS.map((bound) => {
    total += Number(counters[`${name}:${bound}`] ?? 0);
    return `${metric}_bucket{le="${bound}"} ${total}`;
  });
  const sum = Number(counters[`${name}:sum`] ?? 0) / 1e6;
  return [
    `# HELP ${metric} ${help}`,
    `# TYPE ${metric} histogram`,
    ...lines,
    `${metric}_sum ${sum}`,
    `${metric}_count ${total}`,
  ].join("\n");
}
