import { Counter, Gauge, type Registry } from "prom-client";
import type { Deps } from "../ctx";
import { QUARANTINE_STEPS } from "../quarantine/item";

const key = (deps: Deps) => `${deps.facts.prefix}counters`;
const FIELD = "quarantined:";

/** Adds to the count of each step. In Redis, so that every process tells the same sums. */
export async function countQuarantined(deps: Deps, steps: ReadonlyMap<string, number>): Promise<void> {
  if (steps.size === 0) return;
  const pipeline = deps.redis.pipeline();
  for (const [step, n] of steps) pipeline.hincrby(key(deps), `${FIELD}${step}`, n);
  await pipeline.exec();
}

/** `stufio_quarantined_total{step}`, and `stufio_quarantine_items`: what waits for a decision. */
export function addQuarantineMetrics(
  registry: Registry,
  given: { counters: Readonly<Record<string, string>>; waiting: number },
): void {
  const total = new Counter({
    name: "stufio_quarantined_total",
    help: "Items that could not be processed and were put into the quarantine, since the installation.",
    labelNames: ["step"],
    registers: [registry],
  });
  for (const step of QUARANTINE_STEPS) total.inc({ step }, Number(given.counters[`${FIELD}${step}`] ?? 0));
  new Gauge({
    name: "stufio_quarantine_items",
    help: "Items in the quarantine that wait for a decision.",
    registers: [registry],
  }).set(given.waiting);
}
