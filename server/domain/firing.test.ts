import { describe, expect, test } from "vitest";
import type { Attempt } from "./execution";
import { decideFailure, decideFiring } from "./firing";

const attempts = (count: number): Attempt[] =>
  Array.from({ length: count }, (_, i) => ({
    n: i + 1,
    at: 0,
    durationMs: 1,
    workerId: "w",
    errorClass: "publish",
    error: "no",
  }));

test.each([
  ["due now is published", { lateMs: 0 }, "publish"],
  ["as late as max_delay_seconds is still published", { lateMs: 60_000 }, "publish"],
  ["later than max_delay_seconds expires", { lateMs: 60_001 }, "expire"],
  ["that is a manual run never expires", { lateMs: 1e9, mayExpire: false }, "publish"],
  ["of a deleted schedule is cancelled", { lateMs: 0, deleted: true }, "cancel"],
  ["of a deleted schedule that is also too late is cancelled", { lateMs: 1e9, deleted: true }, "cancel"],
] as const)("an occurrence: %s", (_, occurrence, expected) => {
  const decision = decideFiring({
    schedule: { maxDelaySeconds: 60 },
    effectiveMs: 0,
    nowMs: occurrence.lateMs,
    mayExpire: "mayExpire" in occurrence ? occurrence.mayExpire : true,
    deleted: "deleted" in occurrence ? occurrence.deleted : false,
  });
  expect(decision.do).toBe(expected);
});

describe("an occurrence after a failed attempt", () => {
  const schedule = { maxRetries: 3, retryDelaySeconds: 60, maxDelaySeconds: 600 };
  const base = { schedule, retriable: true, effectiveMs: 0, nowMs: 1000, random: () => 0.5 };

  test.each([1, 2, 3])("is retried later if it was attempt %i of 4", (n) => {
    const decision = decideFailure({ ...base, attempts: attempts(n) });
    expect(decision).toMatchObject({ do: "retry" });
    expect(decision.do === "retry" && decision.atMs).toBeGreaterThan(1000);
  });

  test("is dead after the last retry", () => {
    expect(decideFailure({ ...base, attempts: attempts(4) })).toEqual({ do: "dead", why: "retries_used_up" });
  });

  test("is not retried if its payload can never be published", () => {
    expect(decideFailure({ ...base, retriable: false, attempts: attempts(1) })).toEqual({
      do: "dead",
      why: "bad_payload",
    });
  });

  test("is dead if the retry would come after max_delay_seconds", () => {
    expect(decideFailure({ ...base, nowMs: 599_000, attempts: attempts(1) })).toEqual({ do: "dead", why: "max_delay" });
  });
});
