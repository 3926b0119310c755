import type { PlannedFault } from "./plan";

/** A scripted run instead of random faults. */
export interface Scenario {
  title: string;
  lengthMs: number;
  plan: readonly PlannedFault[];
  /** Number of schedules that fire every second. They use `policies` in turn. */
  perSecond: number;
  policies?: readonly ("none" | "last" | "all")[];
  bus: "kafka" | "redis";
}

const MINUTE_MS = 60_000;
const singleFault = (kind: PlannedFault["kind"], durationMs: number): PlannedFault[] => [
  { kind, atMs: 10_000, durationMs, worker: 0 },
];

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "clickhouse-away": {
    title: "ClickHouse down for 5 minutes at 200 firings a second",
    lengthMs: 6 * MINUTE_MS,
    plan: singleFault("clickhouse-away", 5 * MINUTE_MS),
    perSecond: 200,
    bus: "redis",
  },
  "kafka-away": {
    title: "Kafka down for 2 minutes at 100 firings a second",
    lengthMs: 4 * MINUTE_MS,
    plan: singleFault("bus-away", 2 * MINUTE_MS),
    perSecond: 100,
    bus: "kafka",
  },
  missed: {
    title: "no worker for 220 seconds at 48 firings a second: more than 10,000 missed occurrences at the restart",
    lengthMs: 5.5 * MINUTE_MS,
    plan: singleFault("workers-away", 220_000),
    perSecond: 48,
    policies: ["none", "last", "all"],
    bus: "redis",
  },
};
