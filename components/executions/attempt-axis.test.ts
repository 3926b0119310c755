import { describe, expect, it } from "vitest";
import { attemptAxis } from "./attempt-axis";

const T0 = Date.parse("2026-11-27T08:00:00Z");
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();
const attempt = (n: number, seconds: number, error: string | null = "refused") => ({
  n,
  at: at(seconds),
  durationMs: 500,
  workerId: "w",
  errorClass: error === null ? null : "publish",
  error,
});
const axis = (fields: object) =>
  attemptAxis({ effectiveAt: at(0), dueAt: null, endedAt: null, attempts: [], ...fields });

describe("the axis of attempts", () => {
  it("places each attempt at its time, with the waits between", () => {
    const found = axis({ attempts: [attempt(1, 0), attempt(2, 10), attempt(3, 99.5, null)] });
    expect(found).toMatchObject({ fromMs: T0, toMs: T0 + 100_000 });
    expect(found?.parts.map(({ kind, n, left, width, hasFailed }) => [kind, n, left, width, hasFailed])).toEqual([
      ["attempt", 1, 0, 0.8, true],
      ["wait", 2, 0.5, 9.5, false],
      ["attempt", 2, 10, 0.8, true],
      ["wait", 3, 10.5, 89, false],
      ["attempt", 3, 99.2, 0.8, false],
    ]);
  });

  it("begins with the wait for a late first attempt and ends with the wait for the next attempt", () => {
    const found = axis({ attempts: [attempt(1, 4)], dueAt: at(64.5) });
    expect(found?.parts.map(({ kind, n, isPending }) => [kind, n, isPending])).toEqual([
      ["wait", 1, false],
      ["attempt", 1, false],
      ["wait", 2, true],
    ]);
    expect(found?.toMs).toBe(T0 + 64_500);
  });

  it("ends at the recorded end if it is later than the end of the last attempt", () => {
    const found = axis({ attempts: [attempt(1, 0), attempt(2, 10)], endedAt: at(10.501) });
    expect(found?.toMs).toBe(T0 + 10_501);
  });

  it("has only parts within 0 and 100 % if the clocks of two workers differ", () => {
    const found = axis({ attempts: [attempt(1, 5), attempt(2, 1, null)] });
    expect(found?.parts.every(({ width, left }) => width > 0 && left >= 0 && left + width <= 100)).toBe(true);
  });

  it.each([
    ["an execution without an attempt", {}],
    ["an execution with a single attempt", { attempts: [attempt(1, 0, null)] }],
  ])("is null for %s", (_, fields) => {
    expect(axis(fields)).toBeNull();
  });
});
