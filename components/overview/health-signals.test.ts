import { describe, expect, it } from "vitest";
import { newWorker } from "~/components/system/worker-fixture";
import { healthSignals } from "./health-signals";

type Input = Parameters<typeof healthSignals>[0];
type Engine = NonNullable<Input["engine"]>;

const FAILING_LOOP = {
  name: "promote",
  lastTickAt: null,
  lastError: "boom",
  ticks: 1,
  failuresInARow: 1,
  failingSince: "2026-11-24T09:00:00.000Z",
  restarts: 0,
};

const CLOSED_BREAKER = {
  ...{ name: "topic:orders", kind: "topic" as const, target: "orders", state: "closed" as const },
  ...{ failures: 1, error: "refused", openedAt: null, nextTrialAt: null, held: 0, oldestHeldAt: null },
};

const engine = (change: Partial<Engine> = {}): Engine => ({
  pending: 5,
  running: 2,
  overdue: 0,
  oldestDueMs: 0,
  outboxDepth: 0,
  outboxOldestMs: 0,
  pauseAll: { paused: false, pausedAt: null, pausedBy: null, reason: null, until: null },
  held: 0,
  breakers: [],
  watch: null,
  memory: { usedBytes: 1, maxBytes: null, policy: "noeviction" },
  workers: [newWorker()],
  ...change,
});

const health = (change: Partial<NonNullable<Input["health"]>> = {}): NonNullable<Input["health"]> => ({
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

const signalsById = (input: Omit<Input, "unreachable"> & Partial<Pick<Input, "unreachable">>) =>
  Object.fromEntries(
    healthSignals({ unreachable: [], ...input }).map(({ id, state, text, detail }) => [id, [state, text, detail]]),
  );

describe("healthSignals", () => {
  it("is OK for all items if every service responds", () => {
    expect(signalsById({ health: health(), engine: engine() })).toEqual({
      workers: ["ok", "1 alive", "2 running"],
      lag: ["ok", "On time", "0 due and unclaimed"],
      redis: ["ok", "Up", "Responds in 2 ms"],
      clickhouse: ["ok", "Up", "Responds in 8 ms"],
      bus: ["ok", "Up", "Not used by this process"],
      breakers: ["ok", "All closed", "0 events held"],
    });
  });

  it("says during a pause of all firing that the due events include retries", () => {
    const pauseAll = {
      ...{ paused: true, pausedAt: "2026-11-24T03:00:00.000Z", until: null },
      pausedBy: "a",
      reason: "r",
    };
    expect(signalsById({ health: health(), engine: engine({ overdue: 11, pauseAll }) }).lag).toEqual([
      ...["warning", "All paused", "11 due, retries included"],
    ]);
  });

  it("is unknown for all items before the first answers", () => {
    const states = Object.values(signalsById({ health: undefined, engine: undefined })).map(([state]) => state);
    expect(new Set(states)).toEqual(new Set(["unknown"]));
  });

  it.each<[string, Input["unreachable"], Record<string, string>]>([
    [
      "Redis",
      ["redis"],
      {
        ...{ workers: "unknown", lag: "unknown", redis: "critical", clickhouse: "ok", bus: "unknown" },
        breakers: "unknown",
      },
    ],
    [
      "ClickHouse",
      ["clickhouse"],
      { workers: "ok", lag: "ok", redis: "ok", clickhouse: "critical", bus: "unknown", breakers: "ok" },
    ],
    [
      "the server",
      ["server"],
      {
        ...{ workers: "unknown", lag: "unknown", redis: "unknown", clickhouse: "unknown", bus: "unknown" },
        breakers: "unknown",
      },
    ],
  ])("ignores a health check from before %s stopped responding", (_, unreachable, expected) => {
    const states = Object.entries(signalsById({ health: health(), engine: engine(), unreachable })).map(
      ([id, [state]]) => [id, state],
    );
    expect(Object.fromEntries(states)).toEqual(expected);
  });

  it("uses a health check from after the outage began", () => {
    const services = [
      { name: "redis", ok: false, detail: "no answer within 3000 ms", latencyMs: null },
      { name: "clickhouse", ok: true, detail: "26.7", latencyMs: 8 },
      { name: "bus", ok: false, detail: "no answer", latencyMs: null },
    ] as const;
    expect(
      signalsById({ health: health({ services: [...services] }), engine: engine(), unreachable: ["redis"] }),
    ).toMatchObject({
      workers: ["unknown", "Unknown", "No answer"],
      redis: ["critical", "Down", "No answer within 3000 ms"],
      clickhouse: ["ok", "Up", "Responds in 8 ms"],
    });
  });

  it.each([
    ["no worker alive", { workers: [newWorker({ alive: false })] }, ["critical", "None alive", "Nothing fires"]],
    [
      "a worker with a wrong clock",
      { workers: [newWorker({ clockSkewMs: -1500 })] },
      ["warning", "1 alive", "Clock skew on 1 worker"],
    ],
    [
      "a loop that fails",
      { workers: [newWorker(), newWorker({ loops: [FAILING_LOOP] })] },
      ["warning", "2 alive", "Failing loops on 1 worker"],
    ],
  ] satisfies [string, Partial<Engine>, string[]][])("shows %s at the item of the workers", (_, change, expected) => {
    expect(signalsById({ health: health(), engine: engine(change) }).workers).toEqual(expected);
  });

  it.each([
    ["is OK below the limit of a warning", { oldestDueMs: 29_999 }, "ok", "On time"],
    ["is a warning from its limit on", { oldestDueMs: 30_000 }, "warning", "30 s behind"],
    ["is critical from its limit on", { oldestDueMs: 120_000 }, "critical", "2 min behind"],
    ["is critical because of the backlog alone", { overdue: 50_000, oldestDueMs: 4000 }, "critical", "4 s behind"],
  ])("lag %s", (_, change, state, text) => {
    expect(signalsById({ health: health(), engine: engine(change) }).lag?.slice(0, 2)).toEqual([state, text]);
  });

  it("gives the reason why a service is down, and is unknown for a service that was not checked", () => {
    const services = [{ name: "clickhouse" as const, ok: false, detail: "connection refused", latencyMs: null }];
    const signals = signalsById({ health: health({ services }), engine: engine({ outboxDepth: 90_000 }) });
    expect(signals.clickhouse).toEqual(["critical", "Down", "Connection refused"]);
    expect(signals.redis?.[0]).toBe("unknown");
  });

  it("names the topics whose breaker is not closed", () => {
    const breaker = { ...CLOSED_BREAKER, name: "topic:billing", target: "billing" };
    const breakers = [{ ...breaker, state: "open" as const }, CLOSED_BREAKER];
    expect(signalsById({ health: health(), engine: engine({ breakers, held: 3 }) }).breakers).toEqual([
      "critical",
      "1 open",
      "billing",
    ]);
  });

  it("shows that ClickHouse is behind when too many changes are not recorded", () => {
    expect(signalsById({ health: health(), engine: engine({ outboxDepth: 50_001 }) }).clickhouse).toEqual([
      "warning",
      "Behind",
      "50,001 changes not recorded",
    ]);
  });
});
