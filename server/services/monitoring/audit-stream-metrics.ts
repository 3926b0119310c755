import { Gauge, type Registry } from "prom-client";
import type { StreamState } from "../audit-stream/state";

/** Adds how far each receiver of the audit trail is behind. */
export function addAuditStreamMetrics(registry: Registry, states: readonly StreamState[], nowMs: number): void {
  const behind = new Gauge({
    name: "stufio_audit_stream_behind",
    help: "Audit entries that are recorded and not delivered.",
    labelNames: ["stream"],
    registers: [registry],
  });
  const lag = new Gauge({
    name: "stufio_audit_stream_lag_seconds",
    help: "Age of the oldest audit entry that is not delivered.",
    labelNames: ["stream"],
    registers: [registry],
  });
  const failing = new Gauge({
    name: "stufio_audit_stream_failing",
    help: "1 if the last delivery failed, otherwise 0.",
    labelNames: ["stream"],
    registers: [registry],
  });
  for (const state of states) {
    const labels = { stream: state.receiver };
    behind.set(labels, state.behind);
    lag.set(labels, state.oldestMs === null ? 0 : Math.max(0, (nowMs - state.oldestMs) / 1000));
    failing.set(labels, state.error === null ? 0 : 1);
  }
}
