import { Gauge, Registry } from "prom-client";
import { requireRight } from "../access/require-right";
import type { Ctx, Deps } from "../ctx";
import { collectStats } from "./stats";

/** Counters of the workers live in Redis, so that every process tells the same sums and a restart loses none. */
const COUNTERS = ["published", "failed", "retried", "dead", "expired", "promoted", "recorded", "rescued"] as const;
export type Counter = (typeof COUNTERS)[number];

const key = (deps: Deps) => `${deps.facts.prefix}counters`;

/** Adds to the shared counters; zeros are left out. */
export async function count(deps: Deps, add: Partial<Record<Counter, number>>): Promise<void> {
  const entries = Object.entries(add).filter(([, n]) => n > 0);
  if (entries.length === 0) return;
  const pipeline = deps.redis.pipeline();
  for (const [name, n] of entries) pipeline.hincrby(key(deps), name, n);
  await pipeline.exec();
}

/** All metrics in the Prometheus text format. */
export async function renderMetrics(call: { ctx: Ctx }): Promise<string> {
  requireRight(call.ctx, "read");
  const { deps } = call.ctx;
  const [stats, counters] = await Promise.all([collectStats(deps), deps.redis.hgetall(key(deps))]);
  const registry = new Registry();
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
  gauge("workers", "Workers alive.", stats.workers.filter((worker) => worker.alive).length);
  const lines = COUNTERS.map((name) => {
    const metric = `stufio_schedules_${name}_total`;
    return `# HELP ${metric} Count since the installation.\n# TYPE ${metric} counter\n${metric} ${Number(counters[name] ?? 0)}`;
  });
  return `${await registry.metrics()}\n${lines.join("\n")}\n`;
}
