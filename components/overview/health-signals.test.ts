import { describe, expect, it } from "vitest";
import { newWorker } from "~/components/system/worker-fixture";
import { healthSignals } from "./health-signals";

type Given = Parameters<typeof healthSignals>[0];
type Engine = NonNullable<Given["engine"]>;

const FAILING_LOOP = {
  ...{ name: "promote", lastTickAt: null, lastError: "boom", ticks: 1 },
  ...{ failuresInARow: 1, failingSince: "2026-11-24T09:00:00.000Z", restarts: 0 },
};

const engine = (change: Partial<Engine> = {}): Engine => ({
  pending: 5,
  running: 2,
  overdue: 0,
  oldestDueMs: 0,
  outboxDepth: 0,
  held: 0,
  breakers: [],
  watch: null,
  memory: { usedBytes: 1, maxBytes: null, policy: "noeviction" },
  workers: [newWorker()],
  ...change,
});

const health = (change: Partial<NonNullable<Given["health"]>> = {}): NonNullable<Given["health"]> => ({
  status: "healthy",
  reasons: [],
  services: [
    { name: "redis", ok: true, detail: "3.1M used", latencyMs: 2 },
    { name: "clickhouse", ok: true, detail: "26.7", latencyMs: 8 },
    { name: "bus", ok: true, detail: "not used by this process", latencyMs: null },
  ],
  capabilities: [],
  checkedAt: "2026-11-24T04:00:00.000Z",
  ...change,
});

const told = (given: Omit<Given, "away"> & Partial<Pick<Given, "away">>) =>
  Object.fromEntries(
    healthSignals({ away: [], ...given }).map(({ id, state, text, detail }) => [id, [state, text, detail]]),
  );

describe("healthSignals", () => {
  it("shows all services as OK", () => {
    expect(told({ health: health(), engine: engine() })).toEqual({
      workers: ["ok", "1 alive", "2 in flight"],
      lag: ["ok", "On time", "0 due, not claimed"],
      redis: ["ok", "Up", "responds in 2 ms"],
      clickhouse: ["ok", "Up", "responds in 8 ms"],
      bus: ["ok", "Up", "not used by this process"],
    });
  });

  it("shows a service without an answer as unknown", () => {
    const states = Object.values(told({ health: undefined, engine: undefined })).map(([state]) => state);
    expect(new Set(states)).toEqual(new Set(["unknown"]));
  });

  it.each<[string, Given["away"], Record<string, string>]>([
    ["Redis", ["redis"], { workers: "unknown", lag: "unknown", redis: "critical", clickhouse: "ok", bus: "unknown" }],
    ["ClickHouse", ["clickhouse"], { workers: "ok", lag: "ok", redis: "ok", clickhouse: "critical", bus: "unknown" }],
    [
      "the server",
      ["server"],
      { workers: "unknown", lag: "unknown", redis: "unknown", clickhouse: "unknown", bus: "unknown" },
    ],
  ])("believes no answer from before %s stopped responding", (_, away, expected) => {
    const states = Object.entries(told({ health: health(), engine: engine(), away })).map(([id, [state]]) => [
      id,
      state,
    ]);
    expect(Object.fromEntries(states)).toEqual(expected);
  });

  it("believes a health check that has seen the outage", () => {
    const services = [
      { name: "redis", ok: false, detail: "no answer within 3000 ms", latencyMs: null },
      { name: "clickhouse", ok: true, detail: "26.7", latencyMs: 8 },
      { name: "bus", ok: false, detail: "no answer", latencyMs: null },
    ] as const;
    expect(told({ health: health({ services: [...services] }), engine: engine(), away: ["redis"] })).toMatchObject({
      workers: ["unknown", "Unknown", "No answer"],
      redis: ["critical", "Down", "no answer within 3000 ms"],
      clickhouse: ["ok", "Up", "responds in 8 ms"],
    });
  });

  it.each([
    ["no worker alive", { workers: [newWorker({ alive: false })] }, ["critical", "None alive", "Nothing fires"]],
    [
      "a clock that is off",
      { workers: [newWorker({ clockSkewMs: -1500 })] },
      ["warning", "1 alive", "Clock skew on 1"],
    ],
    [
      "a loop that fails",
      { workers: [newWorker(), newWorker({ loops: [FAILING_LOOP] })] },
      ["warning", "2 alive", "Failing loops on 1"],
    ],
  ] satisfies [string, Partial<Engine>, string[]][])("workers: %s", (_, change, expected) => {
    expect(told({ health: health(), engine: engine(change) }).workers).toEqual(expected);
  });

  it.each([
    ["just within the limit", { oldestDueMs: 29_999 }, "ok", "On time"],
    ["from the warning on", { oldestDueMs: 30_000 }, "warning", "30 s behind"],
    ["from the critical on", { oldestDueMs: 120_000 }, "critical", "2 min behind"],
    ["by the backlog alone", { overdue: 50_000, oldestDueMs: 4000 }, "critical", "4 s behind"],
  ])("lag %s", (_, change, state, text) => {
    expect(told({ health: health(), engine: engine(change) }).lag?.slice(0, 2)).toEqual([state, text]);
  });

  it("names a service that is down with its reason", () => {
    const services = [{ name: "clickhouse" as const, ok: false, detail: "connection refused", latencyMs: null }];
    const signals = told({ health: health({ services }), engine: engine({ outboxDepth: 90_000 }) });
    expect(signals.clickhouse).toEqual(["critical", "Down", "connection refused"]);
    expect(signals.redis?.[0]).toBe("unknown");
  });

  it("says that ClickHouse is behind when changes pile up", () => {
    expect(told({ health: health(), engine: engine({ outboxDepth: 50_001 }) }).clickhouse).toEqual([
      "warning",
      "Behind",
      "50,001 changes not recorded",
    ]);
  });
});
