import { pino } from "pino";
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "~/server/domain/settings";
import type { Bus, ConsumeInput, Delivered } from "~/server/ports/bus";
import type { Deps } from "~/server/services/ctx";
import { hungLoops } from "../liveness";
import { createConsumeLoop } from "./consume";

const HOUR_MS = 3_600_000;
const START_MS = Date.parse("2026-11-24T09:00:00Z");

/** The loop with a bus whose reads the test makes, and a clock that it moves. */
async function started() {
  const subscriptions: ConsumeInput[] = [];
  const bus: Partial<Bus> = {
    ensureTopic: async () => {},
    consume: async (input) => {
      subscriptions.push(input);
      return { stop: async () => {} };
    },
    // A batch with an invalid message waits for the dead-letter topic.
    publish: () => new Promise(() => {}),
  };
  let nowMs = START_MS;
  const deps: Partial<Deps> = {
    bus: bus as Bus,
    log: pino({ level: "silent" }),
    clock: { now: () => nowMs },
    settings: { current: () => DEFAULT_SETTINGS } as Deps["settings"],
    env: { topicPrefix: "t", kafkaGroupId: "g" } as Deps["env"],
  };
  const loop = createConsumeLoop({ deps: deps as Deps, now: () => nowMs });
  loop.start();
  // `stop` waits until the bus has been asked to read, and keeps the subscription usable.
  await loop.stop();
  const [reader] = subscriptions;
  if (reader === undefined) throw new Error("the loop does not read");
  return {
    reader,
    status: loop.status,
    pass: (ms: number) => {
      nowMs += ms;
    },
    isHung: () => hungLoops({ loops: [loop.status()], startedAt: new Date(START_MS).toISOString(), nowMs }).length > 0,
  };
}

const heartbeat = async () => {};
const INVALID: Delivered = {
  ...{ topic: "t.delayed", partition: "0", offset: "1", timestampMs: START_MS, key: null, headers: {}, inOrder: true },
  value: Buffer.from("not JSON"),
};

test("a reader of the delayed topic without messages is alive", async () => {
  const { reader, pass, isHung } = await started();
  await reader.onBatch([], heartbeat);
  for (let hour = 0; hour < 24; hour += 1) {
    pass(HOUR_MS);
    reader.onResumed?.();
    expect(isHung()).toBe(false);
  }
});

test("a reader whose reads fail is alive, and reports the failure", async () => {
  const { reader, status, pass, isHung } = await started();
  for (let hour = 0; hour < 24; hour += 1) {
    pass(HOUR_MS);
    reader.onInterrupted?.(new Error("no broker"));
    expect(isHung()).toBe(false);
  }
  expect(status()).toMatchObject({ failuresInARow: 24, restarts: 24 });
});

test.each([
  ["before its first read", 0],
  ["after a read", 1],
])("a reader that hangs %s is found", async (_, reads) => {
  const { reader, pass, isHung } = await started();
  for (let read = 0; read < reads; read += 1) reader.onResumed?.();
  pass(2 * HOUR_MS);
  expect(isHung()).toBe(false);
  pass(1);
  expect(isHung()).toBe(true);
});

test("a batch that hangs is found although other partitions are read", async () => {
  const { reader, pass, isHung } = await started();
  void reader.onBatch([INVALID], heartbeat);
  for (let hour = 0; hour < 2; hour += 1) {
    pass(HOUR_MS);
    await reader.onBatch([], heartbeat);
    reader.onResumed?.();
    expect(isHung()).toBe(false);
  }
  pass(1);
  reader.onResumed?.();
  expect(isHung()).toBe(true);
});
