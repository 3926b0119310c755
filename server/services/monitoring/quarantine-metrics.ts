import { Counter, Gauge, type Registry } from "prom-client";
import { quarantinedBy } from "../counters";
import { QUARANTINE_STEPS } from "../quarantine/item";

/** `stufio_quarantined_total{step}`, and `stufio_quarantine_items`: what waits for a decision. */
export function addQuarantineMetrics(
  registry: Registry,
  given: { counters: Readonly<Record<string, number>>; waiting: number },
): void {
  const total = new Counter({
    name: "stufio_quarantined_total",
    help: "Items that could not be processed and were put into the quarantine, since the installation.",
    labelNames: ["step"],
    registers: [registry],
  });
  for (const step of QUARANTINE_STEPS) total.inc({ step }, given.counters[quarantinedBy(step)] ?? 0);
  new Gauge({
    name: "stufio_quarantine_items",
    help: "Items in the quarantine that wait for a decision.",
    registers: [registry],
  }).set(given.waiting);
}
