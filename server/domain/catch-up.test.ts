import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATCH_UP_GRACE_MS, decideCatchUp } from "./catch-up";
import type { CatchUp } from "./schedule";

const HOUR_MS = 3_600_000;
const nowMs = 1000 * HOUR_MS;
/** Nominal times, as hours before now, oldest first. */
const ago = (...hours: number[]) => hours.map((hour) => nowMs - hour * HOUR_MS);
const policy = (of: CatchUp["policy"], windowHours = 24, maxRuns = 100): CatchUp => ({
  policy: of,
  windowSeconds: windowHours * 3600,
  maxRuns,
});

describe("decideCatchUp", () => {
  it.each([
    ["none runs none", policy("none"), ago(3, 2, 1), [], ago(3, 2, 1)],
    ["last runs the most recent", policy("last"), ago(3, 2, 1), ago(1), ago(3, 2)],
    ["last runs none when all lie outside the window", policy("last", 1), ago(3, 2), [], ago(3, 2)],
    ["the window's edge is inside", policy("last", 2), ago(3, 2), ago(2), ago(3)],
    ["all runs all within the window, oldest first", policy("all", 2), ago(3, 2, 1), ago(2, 1), ago(3)],
    ["all runs the newest max_runs", policy("all", 24, 2), ago(3, 2, 1), ago(2, 1), ago(3)],
    ["the order given does not matter", policy("all", 24, 2), ago(1, 3, 2), ago(2, 1), ago(3)],
    ["nothing missed, nothing done", policy("all"), [], [], []],
    ["a window of zero runs none of the past", policy("all", 0), ago(1), [], ago(1)],
  ])("%s", (_, of, missed, run, skip) => {
    expect(decideCatchUp({ missed, nowMs, policy: of })).toEqual({ run, skip });
  });

  it("does not touch a slot still in the future (kestra #16721: resume skipped it)", () => {
    expect(decideCatchUp({ missed: [...ago(1), nowMs + 1], nowMs, policy: policy("none") })).toEqual({
      run: [],
      skip: ago(1),
    });
  });

  it("does not burst after a long outage (airflow #19126), nor stop for ever (Kubernetes #42649)", () => {
    const missed = Array.from({ length: 5000 }, (_, i) => nowMs - (5000 - i) * 1000);
    expect(decideCatchUp({ missed, nowMs, policy: policy("last") }).run).toEqual([nowMs - 1000]);
    expect(decideCatchUp({ missed, nowMs, policy: policy("all") }).run).toEqual(missed.slice(-100));
  });

  it("gives every missed one exactly one fate", () => {
    const anyPolicy = fc.record({
      policy: fc.constantFrom<CatchUp["policy"]>("none", "last", "all"),
      windowSeconds: fc.nat(100_000),
      maxRuns: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: nowMs })), anyPolicy, (missed, of) => {
        const { run, skip } = decideCatchUp({ missed, nowMs, policy: of });
        expect([...skip, ...run]).toEqual([...missed].sort((a, b) => a - b));
        expect(run.length).toBeLessThanOrEqual(of.maxRuns);
        expect(run.every((nominalMs) => nominalMs >= nowMs - of.windowSeconds * 1000)).toBe(true);
      }),
    );
  });
});

it("calls an occurrence late from a minute on", () => {
  expect(CATCH_UP_GRACE_MS).toBe(60_000);
});
