import { describe, expect, test } from "vitest";
import { createRecordingPace } from "./recording-pace";

describe("recording under load", () => {
  test("yields for 800 ms and records for 800 ms in turn", () => {
    const pace = createRecordingPace();
    const records: number[] = [];
    for (let nowMs = 5000; nowMs < 5000 + 3200; nowMs += 100) {
      if (pace.yieldMs({ isBusy: true, nowMs }) === 0) records.push(nowMs - 5000);
    }
    const firstTurn = [800, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600];
    expect(records).toEqual([...firstTurn, ...[2400, 2500, 2600, 2700, 2800, 2900, 3000, 3100]]);
  });

  test("yields at most 800 ms again after each idle period", () => {
    const pace = createRecordingPace();
    expect(pace.yieldMs({ isBusy: true, nowMs: 0 })).toBe(50);
    expect(pace.yieldMs({ isBusy: false, nowMs: 700 })).toBe(0);
    expect(pace.yieldMs({ isBusy: true, nowMs: 800 })).toBe(50);
    expect(pace.yieldMs({ isBusy: true, nowMs: 1600 })).toBe(0);
  });
});

test.each([
  ["a quick batch is the rest of 200 ms", { tookMs: 10, more: false }, 190],
  ["a batch of 75 ms is three times as long", { tookMs: 75, more: false }, 225],
  ["a slow batch is the rest of 400 ms", { tookMs: 150, more: false }, 250],
  ["a batch of more than 400 ms is 0", { tookMs: 900, more: false }, 0],
  ["a batch is 0 if the next one is ready", { tookMs: 10, more: true }, 0],
])("the pause after %s", (_, input, expected) => {
  expect(createRecordingPace().pauseAfterMs(input)).toBe(expected);
});
