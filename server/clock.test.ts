import pino from "pino";
import { expect, test } from "vitest";
import { type ClockSource, createRedisClock } from "./clock";

const log = pino({ level: "silent" });
const EPOCH_MS = 1_800_000_000_000;

/** Two clocks that agree, and a Redis that agrees with both; `stall` moves all of them on. */
function machine() {
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
    /** After its next readings, the wall clock delays its reader by this long, ms. */
    stallAfterReading: (...ms: number[]) => void stalls.push(...ms),
    pass: (ms: number) => {
      elapsedMs += ms;
    },
    trueMs: () => EPOCH_MS + elapsedMs,
  };
}

test("a process that is suspended between its first two readings is not late by it", () => {
  const { source, stallAfterReading, trueMs } = machine();
  stallAfterReading(90);
  const clock = createRedisClock({ redisNow: async () => trueMs(), log, source });
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});

test("suspended at each reading, it is right once Redis was asked", async () => {
  const { source, stallAfterReading, pass, trueMs } = machine();
  stallAfterReading(90, 90, 90, 90, 90);
  // The first round trip waits for the connection; Redis answers at its end.
  const roundTrips = [400, 1];
  const redisNow = async () => {
    pass(roundTrips.shift() ?? 0);
    return trueMs();
  };
  const clock = createRedisClock({ redisNow, log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});

test("follows Redis, not this machine: an hour apart", async () => {
  const { source, trueMs } = machine();
  const clock = createRedisClock({ redisNow: async () => trueMs() - 3_600_000, log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - (trueMs() - 3_600_000))).toBeLessThanOrEqual(1);
  expect(Math.abs(clock.skewMs() - 3_600_000)).toBeLessThanOrEqual(1);
});

test("a measurement that fails leaves the estimate in force", async () => {
  const { source, trueMs } = machine();
  const clock = createRedisClock({ redisNow: () => Promise.reject(new Error("away")), log, source });
  await clock.start();
  clock.stop();
  expect(Math.abs(clock.now() - trueMs())).toBeLessThanOrEqual(1);
});
