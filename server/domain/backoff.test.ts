import { describe, expect, it } from "vitest";
import { MAX_RETRY_DELAY_MS, retryDelayMs } from "./backoff";

/** The largest number below 1. */
const highest = () => 1 - Number.EPSILON / 2;

describe("retryDelayMs", () => {
  it.each([
    [1, 60, 60_000],
    [2, 60, 120_000],
    [3, 60, 240_000],
    [6, 60, 1_920_000],
    [7, 60, MAX_RETRY_DELAY_MS],
    [10, 3600, MAX_RETRY_DELAY_MS],
    [2000, 60, MAX_RETRY_DELAY_MS],
    [1, 1, 1000],
  ])("attempt %i with base %i s waits up to %i ms", (attempt, baseSeconds, ceiling) => {
    expect(retryDelayMs({ attempt, baseSeconds, random: highest })).toBe(ceiling);
    expect(retryDelayMs({ attempt, baseSeconds, random: () => 0 })).toBe(0);
    expect(retryDelayMs({ attempt, baseSeconds, random: () => 0.5 })).toBe(ceiling / 2);
  });
});
