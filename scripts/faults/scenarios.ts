import type { PlannedFault } from "./plan";

/** A fixed story instead of faults by a seed. */
export interface Scenario {
  tells: string;
  lengthMs: number;
  plan: readonly PlannedFault[];
  /** Schedules of every second; what each does about what it missed, in turn. */
  perSecond: number;
  policies?: readonly ("none" | "last" | "all")[];
  bus: "kafka" | "redis";
}

const MINUTE = 60_000;
const one = (kind: PlannedFault["kind"], durationMs: number): PlannedFault[] => [
  { kind, atMs: 10_000, durationMs, worker: 0 },
];

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "clickhouse-away": {
    tells: "ClickHouse away for 5 minutes at 200 firings a second",
    lengthMs: 6 * MINUTE,
    plan: one("clickhouse-away", 5 * MINUTE),
    perSecond: 200,
    bus: "redis",
  },
  "kafka-away": {
    tells: "Kafka away for 2 minutes at 100 firings a second",
    lengthMs: 4 * MINUTE,
    plan: one("bus-away", 2 * MINUTE),
    perSecond: 100,
    bus: "kafka",
  },
  missed: {
    tells: "no worker for 220 seconds at 48 firings a second: above 10,000 missed occurrences at the restart",
    lengthMs: 5.5 * MINUTE,
    plan: one("workers-away", 220_000),
    perSecond: 48,
    policies: ["none", "last", "all"],
    bus: "redis",
  },
};
