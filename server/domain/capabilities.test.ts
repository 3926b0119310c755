import { describe, expect, test } from "vitest";
import { assessCapabilities, type Observations } from "./capabilities";
import type { LoopName } from "./loops";
import type { WorkerView } from "./views";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const FAULT = { code: "redis_unreachable", message: "boom" } as const;

function worker(lastTickAt: string | null): WorkerView {
  const loop = { lastError: null, ticks: 1, failuresInARow: 0, failingSince: null, restarts: 0, lastTickAt };
  return {
    ...{ workerId: "w", host: "h", pid: 1, version: "0", startedAt: ago(0), seenAt: ago(0), alive: true },
    ...{ clockSkewMs: 0, inFlight: 0, firedTotal: 0, url: "", tzdata: null },
    loops: ["execute-0", "record-0", "record-1", "promote", "consume"].map((name) => ({ name, ...loop })),
  };
}

const observe = (change: Partial<Observations> = {}): Observations => ({
  ...{ nowMs: NOW, redis: null, refusal: null, clickhouse: null, bus: null, breakers: [], failingLoops: [] },
  selfTest: { accepts: null, fires: null, records: null },
  engine: { workers: [worker(ago(100))], oldestDueAgeMs: 0, outboxOldestAgeMs: 0 },
  ...change,
});
const engine = (change: Partial<NonNullable<Observations["engine"]>>) => ({
  engine: { ...observe().engine, ...change } as never,
});
const states = (observed: Observations) =>
  Object.fromEntries(assessCapabilities(observed).map(({ capability }) => [capability.name, capability.state]));

const OK = { accepts: "ok", fires: "ok", records: "ok", promotes: "ok", consumes: "ok" };
const degraded = (...names: string[]) => ({ ...OK, ...Object.fromEntries(names.map((name) => [name, "degraded"])) });
const selfTest = (name: string) => ({ selfTest: { ...observe().selfTest, [name]: FAULT } });
const loop = (name: LoopName) => ({ failingLoops: [{ loop: name, fault: FAULT }] });

describe("assessCapabilities", () => {
  test.each<[string, Partial<Observations>, Record<string, string>]>([
    ["nothing is wrong", {}, OK],
    ["Redis is full", { refusal: FAULT }, degraded("accepts", "fires", "records", "promotes", "consumes")],
    ["ClickHouse does not respond", { clickhouse: FAULT }, degraded("records", "promotes")],
    ["the bus does not respond", { bus: FAULT }, degraded("fires", "consumes")],
    ["a topic's breaker is open", { breakers: [{ view: { kind: "topic" }, fault: FAULT }] }, degraded("fires")],
    [
      "the breaker of ClickHouse is open",
      { breakers: [{ view: { kind: "store" }, fault: FAULT }] },
      degraded("records", "promotes"),
    ],
    ["the executor fails", loop("execute"), degraded("fires")],
    ["the recorder fails", loop("record"), degraded("records")],
    ["promotion fails", loop("promote"), degraded("promotes")],
    ["the consume loop keeps restarting", loop("consume"), degraded("consumes")],
    ["no worker is alive", engine({ workers: [] }), degraded("fires", "records", "promotes", "consumes")],
    ["the self-test's event is not accepted", selfTest("accepts"), degraded("accepts")],
    ["the self-test's event does not fire", selfTest("fires"), degraded("fires")],
    ["the self-test's event is not recorded", selfTest("records"), degraded("records")],
    ["events are late, but the loops tick", engine({ oldestDueAgeMs: 20_000, outboxOldestAgeMs: 7000 }), OK],
    ["the executor is stuck", engine({ oldestDueAgeMs: 6000, workers: [worker(ago(9000))] }), degraded("fires")],
    ["the recorder is stuck", engine({ outboxOldestAgeMs: 6000, workers: [worker(null)] }), degraded("records")],
    ["there has been no work for a long time", engine({ workers: [worker(ago(9000))] }), OK],
  ])("names the degraded capabilities when %s", (_, change, expected) =>
    expect(states(observe(change))).toEqual(expected),
  );

  test("without Redis nothing is accepted, and the other states are unknown", () => {
    const unknown = { fires: "unknown", records: "unknown", promotes: "unknown", consumes: "unknown" };
    expect(states(observe({ redis: FAULT, engine: null }))).toEqual({ accepts: "degraded", ...unknown });
  });

  test("the reason names every fault", () => {
    const [, fires] = assessCapabilities(observe({ bus: FAULT, ...loop("execute") }));
    expect(fires?.capability.reason).toBe("boom boom");
  });
});
