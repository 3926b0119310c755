import { Counter, Gauge, type Registry } from "prom-client";
import { quarantinedBy } from "../counters";
import { QUARANTINE_STEPS } from "../quarantine/item";

export function addQuarantineMetrics(
  registry: Registry,
  values: { counters: Readonly<Record<string, number>>; waiting: number },
): void {
  const total = new Counter({
    name: "stufio_quarantined_total",
    help: "Items quarantined since the installation or the last loss of Redis, because they could not be processed.",
    labelNames: ["step"],
    registers: [registry],
  });
  for (const step of QUARANTINE_STEPS) total.inc({ step }, values.counters[quarantinedBy(step)] ?? 0);
  new Gauge({
    name: "stufio_quarantine_items",
    help: "Items in the quarantine without a decision.",
    registers: [registry],
  }).set(values.waiting);
}
