import { expect, it } from "vitest";
import { flowSentence, tierFlow } from "./tier-flow-words";
import { newWorker } from "./worker-fixture";

type Input = Parameters<typeof tierFlow>[0];

const NOW = Date.parse("2026-11-24T10:00:00Z");
const promote = {
  name: "promote",
  lastTickAt: "2026-11-24T09:58:00.000Z",
  lastError: null,
  ticks: 1,
  failuresInARow: 0,
  failingSince: null,
  restarts: 0,
};
const engine = {
  pending: 1200,
  running: 3,
  overdue: 7,
  oldestDueMs: 900,
  outboxDepth: 40,
  outboxOldestMs: 1500,
  held: 2,
  breakers: [],
  watch: null,
  workers: [],
  memory: { usedBytes: 1, maxBytes: null, policy: "noeviction" },
  pauseAll: { paused: false, pausedAt: null, pausedBy: null, reason: null, until: null },
};
const stats = { clickhousePending: 5000, completed: 80, failed: 4, workers: [newWorker({ loops: [promote] })] };
const hour = { totals: { succeeded: 90 }, latenessMs: { p50: 10, p95: 250, p99: 800 } };
const settings = { clickhouseSyncInterval: 300 };
const known = { engine, stats, hour, settings, nowMs: NOW } as unknown as Input;

it("names the content of each box and the transfer of each arrow", () => {
  expect(flowSentence(tierFlow(known))).toBe(
    "ClickHouse has 5,000 long-term schedules. Redis has 1,200 planned runs. Bus has 80 events, 24 h. From ClickHouse to Redis, Promotion: ran 2 min ago, every 5 min. From Redis to ClickHouse, Outbox: 40 changes, 1.5 s behind. From Redis to the bus, Publishing: 1.5/min, last hour, p95 lateness 250 ms.",
  );
});

it("shows unknown, never zero, for figures that could not be loaded", () => {
  const flow = tierFlow({ ...known, engine: undefined, stats: undefined, hour: undefined });
  const figures = [flow.clickhouse, flow.redis, flow.bus].map(({ figure }) => figure);
  expect(figures).toEqual(["Unknown", "Unknown", "Unknown"]);
  expect([flow.promotion, flow.outbox, flow.publishing].flatMap(({ facts }) => facts)).toEqual([
    "Unknown",
    "Unknown",
    "Unknown",
  ]);
});

it.each([
  ["Redis Streams at 127.0.0.1:6379", "Redis Streams"],
  ["connection refused", "Carries events to consumers"],
])("of a bus with the detail %j, shows %j", (detail, role) => {
  const health = { services: [{ name: "bus", ok: true, detail, latencyMs: 1 }] };
  expect(tierFlow({ ...known, health } as Input).bus.role).toBe(role);
});

it("shows that all firing is paused", () => {
  const paused = { ...engine, pauseAll: { ...engine.pauseAll, paused: true } };
  expect(tierFlow({ ...known, engine: paused } as Input).publishing.name).toBe("Publishing (all paused)");
});
