import { Gauge, Registry } from "prom-client";
import { requireRight } from "../access/require-right";
import { streamStates } from "../audit-stream/state";
import { BOUNDS, COUNTERS, HISTOGRAMS } from "../counters";
import type { Ctx } from "../ctx";
import { requireNoScope } from "../scope";
import { addAuditStreamMetrics } from "./audit-stream-metrics";
import { collectBreakers } from "./breakers";
import { getHealth } from "./health";
import { addHealthMetrics } from "./health-metrics";
import { addQuarantineMetrics } from "./quarantine-metrics";
import { collectStats } from "./stats";

/** Returns the metrics in the Prometheus text format. */
export async function renderMetrics(call: { ctx: Ctx }): Promise<string> {
  requireRight(call.ctx, "executions:read");
  requireNoScope(call.ctx);
  const { deps } = call.ctx;
  const registry = new Registry();
  const health = await getHealth(call);
  addHealthMetrics(registry, health);
  // While a store is unreachable, only health is returned, because the other metrics need both stores.
  if (health.services.some(({ name, ok }) => STORES.includes(name) && !ok)) return registry.metrics();
  const [stats, breakers, quarantine, counters, streams] = await Promise.all([
    collectStats(deps),
    collectBreakers(deps),
    deps.store.quarantined(1),
    deps.counters.all(),
    streamStates(deps),
  ]);
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name: `stufio_schedules_${name}`, help, registers: [registry] }).set(value);
  gauge("total", "Occurrences waiting in Redis, and long-term schedules.", stats.pending);
  gauge("pending", "Occurrences waiting in Redis.", stats.redisPending);
  gauge(
    "processing",
    "Leases held by workers: occurrences being published, and plans being recomputed.",
    stats.running,
  );
  gauge("completed", "Succeeded executions of the last 24 h.", stats.completed);
  gauge("error", "Dead and expired executions of the last 24 h.", stats.failed);
  gauge(
    "transferred_to_redis",
    "Long-term schedules moved to Redis since the installation or the last loss of Redis.",
    counters.promoted ?? 0,
  );
  gauge("overdue", "Occurrences that are due and not claimed.", stats.overdue);
  gauge("oldest_due_seconds", "Age of the oldest due occurrence.", stats.oldestDueMs / 1000);
  gauge("outbox_depth", "Changes that ClickHouse does not have yet.", stats.outboxDepth);
  gauge(
    "outbox_oldest_seconds",
    "Age of the oldest change that ClickHouse does not have yet.",
    stats.outboxOldestMs / 1000,
  );
  gauge("workers", "Workers that are alive.", stats.workers.filter((worker) => worker.alive).length);
  gauge("held", "Occurrences held for topics whose breakers are open.", stats.held);
  const state = new Gauge({
    name: "stufio_schedules_breaker_state",
    help: "0 closed, 1 half-open, 2 open.",
    labelNames: ["breaker"],
    registers: [registry],
  });
  for (const breaker of breakers) state.set({ breaker: breaker.name }, BREAKER_STATE[breaker.state]);
  addAuditStreamMetrics(registry, streams, deps.clock.now());
  addQuarantineMetrics(registry, { counters, waiting: quarantine.total });
  const lines = COUNTERS.map((name) => {
    const metric = `stufio_schedules_${name}_total`;
    return `# HELP ${metric} Count since the installation or the last loss of Redis.\n# TYPE ${metric} counter\n${metric} ${counters[name] ?? 0}`;
  });
  const histograms = Object.entries(HISTOGRAMS).map(([name, help]) => histogramText(name, help, counters));
  return `${await registry.metrics()}\n${lines.join("\n")}\n${histograms.join("\n")}\n`;
}

const STORES = ["redis", "clickhouse"];
const BREAKER_STATE = { closed: 0, half_open: 1, open: 2 } as const;

function histogramText(name: string, help: string, counters: Readonly<Record<string, number>>): string {
  const metric = `stufio_schedules_${name}_seconds`;
  let total = 0;
  const lines = BOUNDS.map((bound) => {
    total += counters[`${name}:${bound}`] ?? 0;
    return `${metric}_bucket{le="${bound}"} ${total}`;
  });
  // The counter is in µs.
  const sum = (counters[`${name}:sum`] ?? 0) / 1e6;
  return [
    `# HELP ${metric} ${help}`,
    `# TYPE ${metric} histogram`,
    ...lines,
    `${metric}_sum ${sum}`,
    `${metric}_count ${total}`,
  ].join("\n");
}
