import pino from "pino";
import { expect, test } from "vitest";
import { type ClockSource, createRedisClock } from "./clock";

const log = pino({ level: "silent" });
const EPOCH_MS = 1_800_000_000_000;

/** Simulated clocks of a process, and the true time, which Redis returns. */
function createClocks() {
  let elapsedMs = 1000;
  const stalls: number[] = [];
  const source: ClockSource = {
    wallMs() {
      const read = EPOCH_MS + elapsedMs;
      elapsedMs += stalls.shift() ?? 0;
      return read;
    },
    monotonicMs: () => elapsedMs,
  };
  return {
    source,
    /** Delays the process after its next readings of the wall clock by these times, ms. */
    stallAfterReading: (...ms: number[]) => void stalls.push(...ms),
    advance: (ms: number) => {
      elapsedMs += ms;
    },
    trueMs: () => EPOCH_MS + elapsedMs,
  };
}

test("a process that is suspended while it first reads its clocks has the correct time", () => {
  const { source, stallAfterReading, trueMs } = createClocks();
  stallAfterReading(90);
  const clock = createRedisClock({ redisNow: async () => trueMs(), log, source });
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});

test("a process that is suspended at each reading of its clocks has the correct time after it has asked Redis", async () => {
  const { source, stallAfterReading, advance, trueMs } = createClocks();
  stallAfterReading(90, 90, 90, 90, 90);
  // The first round trip waits for the connection. Redis answers at its end.
  const roundTrips = [400, 1];
  const redisNow = async () => {
    advance(roundTrips.shift() ?? 0);
    return trueMs();
  };
  const clock = createRedisClock({ redisNow, log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});

test("follows the clock of Redis if the machine's clock differs from it by an hour", async () => {
  const { source, trueMs } = createClocks();
  const clock = createRedisClock({ redisNow: async () => trueMs() - 3_600_000, log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - (trueMs() - 3_600_000))).toBeLessThanOrEqual(1);
  expect(Math.abs(clock.skewMs() - 3_600_000)).toBeLessThanOrEqual(1);
});

test("keeps the last estimate if a measurement fails", async () => {
  const { source, trueMs } = createClocks();
  const clock = createRedisClock({ redisNow: () => Promise.reject(new Error("away")), log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});
