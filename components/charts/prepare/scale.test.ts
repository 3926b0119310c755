import { describe, expect, it } from "vitest";
import { countTicks } from "./scale";

describe("countTicks", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [5, [0, 2, 4, 6]],
    [9, [0, 5, 10]],
    [100, [0, 25, 50, 75, 100]],
    [1104, [0, 500, 1000, 1500]],
    [8_000_001, [0, 2_500_000, 5_000_000, 7_500_000, 10_000_000]],
  ])("returns round whole numbers that reach %i", (max, ticks) => {
    expect(countTicks(max)).toEqual(ticks);
  });
});
