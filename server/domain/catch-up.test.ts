import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATCH_UP_GRACE_MS, decideCatchUp } from "./catch-up";
import type { CatchUp } from "./schedule";

const HOUR_MS = 3_600_000;
const nowMs = 1000 * HOUR_MS;
/** Nominal times, as hours before now, oldest first. */
const ago = (...hours: number[]) => hours.map((hour) => nowMs - hour * HOUR_MS);
const times = (nominals: readonly number[]) => nominals.map((nominalMs) => ({ nominalMs, effectiveMs: nominalMs }));
/** Without jitter and, but for `runsLeft`, without a bound. */
function decide(input: { missed: number[]; policy: CatchUp; runsLeft?: number }) {
  const given = { nowMs, policy: input.policy, runsLeft: input.runsLeft ?? null };
  const { run, skip, ended } = decideCatchUp({ ...given, missed: times(input.missed) });
  const nominals = (list: { nominalMs: number }[]) => list.map((one) => one.nominalMs);
  return { run: nominals(run), skip: nominals(skip), ended: nominals(ended) };
}
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
    expect(decide({ missed, policy: of })).toEqual({ run, skip, ended: [] });
  });

  it.each([
    [
      "all runs the oldest that max_runs leaves; behind them the schedule has ended",
      policy("all"),
      1,
      ago(3),
      [],
      ago(2, 1),
    ],
    ["what the policy leaves out stays left out", policy("all", 2), 1, ago(2), ago(3), ago(1)],
    ["last takes one run", policy("last"), 1, ago(1), ago(3, 2), []],
    ["none takes no run", policy("none"), 1, [], ago(3, 2, 1), []],
    ["without a run left all of it has ended", policy("last"), 0, [], [], ago(3, 2, 1)],
    ["more left than missed is no bound", policy("all"), 9, ago(3, 2, 1), [], []],
  ])("%s", (_, of, runsLeft, run, skip, ended) => {
    expect(decide({ missed: ago(3, 2, 1), policy: of, runsLeft })).toEqual({ run, skip, ended });
  });

  it("does not touch one that jitter moved behind now", () => {
    const moved = { nominalMs: nowMs - 1000, effectiveMs: nowMs + 1 };
    const given = { missed: [moved], nowMs, policy: policy("all"), runsLeft: null };
    expect(decideCatchUp(given)).toEqual({ run: [], skip: [], ended: [] });
  });

  it("does not touch a slot still in the future (kestra #16721: resume skipped it)", () => {
    const given = { missed: [...ago(1), nowMs + 1], policy: policy("none") };
    expect(decide(given)).toEqual({ run: [], skip: ago(1), ended: [] });
  });

  it("does not burst after a long outage (airflow #19126), nor stop for ever (Kubernetes #42649)", () => {
    const missed = Array.from({ length: 5000 }, (_, i) => nowMs - (5000 - i) * 1000);
    expect(decide({ missed, policy: policy("last") }).run).toEqual([nowMs - 1000]);
    expect(decide({ missed, policy: policy("all") }).run).toEqual(missed.slice(-100));
  });

  it("gives every missed one exactly one fate", () => {
    const anyPolicy = fc.record({
      policy: fc.constantFrom<CatchUp["policy"]>("none", "last", "all"),
      windowSeconds: fc.nat(100_000),
      maxRuns: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: nowMs })), anyPolicy, fc.nat(30), (missed, of, runsLeft) => {
        const { run, skip, ended } = decide({ missed, policy: of, runsLeft });
        expect([...skip, ...run, ...ended]).toEqual([...missed].sort((a, b) => a - b));
        expect(run.length).toBeLessThanOrEqual(Math.min(of.maxRuns, runsLeft));
        expect(run.every((nominalMs) => nominalMs >= nowMs - of.windowSeconds * 1000)).toBe(true);
      }),
    );
  });
});

it("calls an occurrence late from a minute on", () => {
  expect(CATCH_UP_GRACE_MS).toBe(60_000);
});
