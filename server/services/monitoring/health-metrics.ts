import { Gauge, type Registry } from "prom-client";
import { HEALTH_CODES, type HealthCode } from "~/server/domain/choices";
import type { Capability, Health } from "~/server/domain/views";

const CAPABILITY = { ok: 1, degraded: 0, unknown: -1 } as const;
const SEVERITY = { warning: 1, critical: 2 } as const;

/**
 * Adds a gauge of the capabilities and a gauge of the reasons, with one series for each, so that alerts can watch them
 * separately.
 */
export function addHealthMetrics(
  registry: Registry,
  { capabilities, reasons }: Pick<Health, "reasons"> & { capabilities: readonly Capability[] },
): void {
  const state = new Gauge({
    name: "stufio_schedules_capability",
    help: "1 ok, 0 degraded, -1 unknown.",
    labelNames: ["name"],
    registers: [registry],
  });
  for (const { name, state: now } of capabilities) state.set({ name }, CAPABILITY[now]);
  const present = new Gauge({
    name: "stufio_schedules_health_reason",
    help: "2 critical, 1 warning, 0 not present.",
    labelNames: ["code"],
    registers: [registry],
  });
  for (const code of Object.keys(HEALTH_CODES) as HealthCode[]) {
    const found = reasons.filter((reason) => reason.code === code).map(({ severity }) => SEVERITY[severity]);
    present.set({ code }, Math.max(0, ...found));
  }
}
