import { describe, expect, it } from "vitest";
import { ATTACK_FAILURES, attackDelayMs, type Limit, type LimitedSource, limitOf, waitSeconds } from "./sign-in-limits";

const HOUR = 3600;
const DAY = 24 * HOUR;
const CALM = ATTACK_FAILURES;
const ATTACKED = ATTACK_FAILURES + 1;

/** The times, in seconds from the first, at which one source can try if it tries as soon as it may. */
function admittedTimes(limit: Limit, untilSeconds: number): number[] {
  const times: number[] = [];
  for (let now = 0; now <= untilSeconds; ) {
    times.push(now);
    now += waitSeconds(times.length, limit);
  }
  return times;
}

describe("wrong passwords", () => {
  it.each<[LimitedSource, number, readonly number[]]>([
    ["pair", CALM, [0, 0, 0, 0, 0, 0, 1, 3, 7, 15]],
    ["pair", ATTACKED, [0, 0, 0, 0, 0, 0, 1, 3, 7, 15]],
    ["network", ATTACKED, [0, 1, 3, 7, 15, 31, 63, 127, 255, 511]],
    ["device", ATTACKED, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])("of one %s of an account with %i failures are admitted at these seconds", (source, failures, times) => {
    expect(admittedTimes(limitOf(source, failures), HOUR).slice(0, times.length)).toEqual(times);
  });

  it.each<[LimitedSource, number, number, number]>([
    ["pair", CALM, HOUR, 30],
    ["pair", CALM, DAY, 310],
    ["network", ATTACKED, HOUR, 22],
    ["network", ATTACKED, DAY, 300],
    ["device", ATTACKED, DAY, 310],
    ["address", CALM, HOUR, 120],
  ])("of one %s of an account with %i failures are bounded: in %i s at most %i", (source, failures, seconds, most) => {
    const { length } = admittedTimes(limitOf(source, failures), seconds);
    expect(length).toBeLessThanOrEqual(most);
    expect(length).toBeGreaterThan(0.8 * most);
  });

  it("never refuse the first attempt of a source that has not failed", () => {
    for (const source of ["pair", "network", "address", "device"] as const) {
      for (const failures of [0, CALM, ATTACKED, 1e6]) expect(waitSeconds(0, limitOf(source, failures))).toBe(0);
    }
  });

  it.each([
    [0, 0],
    [CALM, 0],
    [ATTACKED, 100],
    [ATTACK_FAILURES + 10, 1000],
    [1_000_000, 4000],
  ])("of an account with %i failures are checked after %i ms", (failures, delayMs) => {
    expect(attackDelayMs(failures)).toBe(delayMs);
  });
});
