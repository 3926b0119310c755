import { Gauge, type Registry } from "prom-client";
import type { Capability } from "~/server/domain/views";

const VALUE = { ok: 1, degraded: 0, unknown: -1 } as const;

/** `stufio_schedules_capability{name}`: 1 ok, 0 degraded, -1 unknown. */
export function addCapabilityMetrics(registry: Registry, capabilities: readonly Capability[]): void {
  const gauge = new Gauge({
    name: "stufio_schedules_capability",
    help: "State of a capability: 1 ok, 0 degraded, -1 unknown.",
    labelNames: ["name"],
    registers: [registry],
  });
  for (const { name, state } of capabilities) gauge.set({ name }, VALUE[state]);
}
