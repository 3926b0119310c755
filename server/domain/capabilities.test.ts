import { describe, expect, test } from "vitest";
import { assessCapabilities, type Observations } from "./capabilities";
import type { LoopName } from "./loops";
import type { WorkerView } from "./views";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const FAULT = { service: "redis", message: "boom" } as const;

function worker(lastTickAt: string | null): WorkerView {
  const loop = { lastError: null, ticks: 1, failuresInARow: 0, failingSince: null, restarts: 0, lastTickAt };
  return {
    ...{ workerId: "w", host: "h", pid: 1, version: "0", startedAt: ago(0), seenAt: ago(0), alive: true },
    ...{ clockSkewMs: 0, inFlight: 0, firedTotal: 0, url: "", tzdata: null },
    loops: ["execute-0", "record-0", "record-1", "promote", "consume"].map((name) => ({ name, ...loop })),
  };
}

const sight = (change: Partial<Observations> = {}): Observations => ({
  ...{ nowMs: NOW, redis: null, refusal: null, clickhouse: null, bus: null, breakers: [], failingLoops: [] },
  selfTest: { accepts: null, fires: null, records: null },
  engine: { workers: [worker(ago(100))], oldestDueMs: 0, outboxOldestMs: 0 },
  ...change,
});
const engine = (change: Partial<NonNullable<Observations["engine"]>>) => ({
  engine: { ...sight().engine, ...change } as never,
});
const states = (given: Observations) =>
  Object.fromEntries(assessCapabilities(given).map(({ capability }) => [capability.name, capability.state]));

const OK = { accepts: "ok", fires: "ok", records: "ok", promotes: "ok", consumes: "ok" };
const degraded = (...names: string[]) => ({ ...OK, ...Object.fromEntries(names.map((name) => [name, "degraded"])) });
const selfTest = (name: string) => ({ selfTest: { ...sight().selfTest, [name]: FAULT } });
const loop = (name: LoopName) => ({ failingLoops: [{ loop: name, fault: FAULT }] });

describe("what the product does for its callers", () => {
  test.each<[string, Partial<Observations>, Record<string, string>]>([
    ["nothing is wrong", {}, OK],
    ["Redis is full", { refusal: FAULT }, degraded("accepts", "fires", "records", "promotes", "consumes")],
    ["ClickHouse is away", { clickhouse: FAULT }, degraded("records", "promotes")],
    ["the bus is away", { bus: FAULT }, degraded("fires", "consumes")],
    ["a topic is blocked", { breakers: [{ view: { kind: "topic" }, fault: FAULT }] }, degraded("fires")],
    [
      "ClickHouse is left alone",
      { breakers: [{ view: { kind: "store" }, fault: FAULT }] },
      degraded("records", "promotes"),
    ],
    ["the executor fails", loop("execute"), degraded("fires")],
    ["the recorder fails", loop("record"), degraded("records")],
    ["promotion fails", loop("promote"), degraded("promotes")],
    ["the reader is started again and again", loop("consume"), degraded("consumes")],
    ["no worker", engine({ workers: [] }), degraded("fires", "records", "promotes", "consumes")],
    ["the self-test's event is not taken", selfTest("accepts"), degraded("accepts")],
    ["the self-test's event does not fire", selfTest("fires"), degraded("fires")],
    ["the self-test's event is not recorded", selfTest("records"), degraded("records")],
    ["late, and at it", engine({ oldestDueMs: 20_000, outboxOldestMs: 7000 }), OK],
    ["the executor is stuck", engine({ oldestDueMs: 6000, workers: [worker(ago(9000))] }), degraded("fires")],
    ["the recorder is stuck", engine({ outboxOldestMs: 6000, workers: [worker(null)] }), degraded("records")],
    ["idle for long", engine({ workers: [worker(ago(9000))] }), OK],
  ])("%s", (_, change, expected) => expect(states(sight(change))).toEqual(expected));

  test("without Redis nothing is accepted, and the rest is not known", () => {
    const unknown = { fires: "unknown", records: "unknown", promotes: "unknown", consumes: "unknown" };
    expect(states(sight({ redis: FAULT, engine: null }))).toEqual({ accepts: "degraded", ...unknown });
  });

  test("the reason names every fault", () => {
    const [, fires] = assessCapabilities(sight({ bus: FAULT, ...loop("execute") }));
    expect(fires?.capability.reason).toBe("boom boom");
  });
});
