import { expect, test } from "vitest";
import { createTokenBucket } from "./token-bucket";

test("a bucket grants a burst, then at most the rate", () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ perSecond: 1000, burst: 50, now: () => nowMs });
  let taken = 0;
  for (; nowMs <= 10_000; nowMs += 7) {
    const n = bucket.available();
    expect(n).toBeLessThanOrEqual(50);
    bucket.take(n);
    taken += n;
  }
  expect(taken).toBeGreaterThan(9900);
  expect(taken).toBeLessThanOrEqual(10_050);
});

test("pauseMs is infinite while the bucket is full", () => {
  const bucket = createTokenBucket({ perSecond: 1000, burst: 50, now: () => 0 });
  expect(bucket.pauseMs()).toBe(Number.POSITIVE_INFINITY);
});

test("pauseMs returns the time until the bucket is half full", () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ perSecond: 1000, burst: 50, now: () => nowMs });
  bucket.take(50);
  expect(bucket.available()).toBe(0);
  expect(bucket.pauseMs()).toBe(25);
  nowMs += 25;
  expect(bucket.available()).toBe(25);
  // At least 1 ms, even when half full: with 0, the loop would poll Redis without a pause.
  expect(bucket.pauseMs()).toBe(1);
});
