import { expect, test } from "vitest";
import { createRate } from "./rate";

test("hands out a burst, then no more than the rate", () => {
  let nowMs = 0;
  const rate = createRate({ perSecond: 1000, burst: 50, now: () => nowMs });
  expect(rate.pauseMs()).toBe(Number.POSITIVE_INFINITY);
  let taken = 0;
  for (; nowMs <= 10_000; nowMs += 7) {
    const n = rate.available();
    expect(n).toBeLessThanOrEqual(50);
    rate.take(n);
    taken += n;
  }
  expect(taken).toBeGreaterThan(9900);
  expect(taken).toBeLessThanOrEqual(10_050);
});

test("tells when tokens are available again", () => {
  let nowMs = 0;
  const rate = createRate({ perSecond: 1000, burst: 50, now: () => nowMs });
  rate.take(50);
  expect(rate.available()).toBe(0);
  expect(rate.pauseMs()).toBe(25);
  nowMs += 25;
  expect(rate.available()).toBe(25);
  // Never at once: what asks it would ask Redis without a pause until the bucket is full.
  expect(rate.pauseMs()).toBe(1);
});
