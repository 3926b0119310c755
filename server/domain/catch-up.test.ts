import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATCH_UP_GRACE_MS, decideCatchUp } from "./catch-up";
import type { CatchUp } from "./schedule";

const HOUR_MS = 3_600_000;
const nowMs = 1000 * HOUR_MS;
/** Nominal times, as hours before now, oldest first. */
const ago = (...hours: number[]) => hours.map((hour) => nowMs - hour * HOUR_MS);
const times = (nominals: readonly number[]) => nominals.map((nominalMs) => ({ nominalMs, effectiveMs: nominalMs }));
/** Decides for occurrences without jitter, and returns their nominal times. */
function decide(input: { missed: number[]; policy: CatchUp; runsLeft?: number }) {
  const options = { nowMs, policy: input.policy, runsLeft: input.runsLeft ?? null };
  const { run, skip, ended } = decideCatchUp({ ...options, missed: times(input.missed) });
  const nominals = (list: { nominalMs: number }[]) => list.map((one) => one.nominalMs);
  return { run: nominals(run), skip: nominals(skip), ended: nominals(ended) };
}
const policy = (name: CatchUp["policy"], windowHours = 24, maxRuns = 100): CatchUp => ({
  policy: name,
  windowSeconds: windowHours * 3600,
  maxRuns,
});

describe("decideCatchUp", () => {
  it.each([
    ["none runs none", policy("none"), ago(3, 2, 1), [], ago(3, 2, 1)],
    ["last runs the most recent", policy("last"), ago(3, 2, 1), ago(1), ago(3, 2)],
    ["last runs none if all are outside the window", policy("last", 1), ago(3, 2), [], ago(3, 2)],
    ["the edge of the window is included", policy("last", 2), ago(3, 2), ago(2), ago(3)],
    ["all runs all within the window, oldest first", policy("all", 2), ago(3, 2, 1), ago(2, 1), ago(3)],
    ["all runs the newest max_runs", policy("all", 24, 2), ago(3, 2, 1), ago(2, 1), ago(3)],
    ["the order of the input does not matter", policy("all", 24, 2), ago(1, 3, 2), ago(2, 1), ago(3)],
    ["without missed occurrences nothing runs", policy("all"), [], [], []],
    ["a window of zero runs no past occurrence", policy("all", 0), ago(1), [], ago(1)],
  ])("%s", (_, catchUp, missed, run, skip) => {
    expect(decide({ missed, policy: catchUp })).toEqual({ run, skip, ended: [] });
  });

  it.each([
    [
      "all runs the oldest that the schedule's max_runs allows; newer occurrences are listed as ended",
      policy("all"),
      1,
      ago(3),
      [],
      ago(2, 1),
    ],
    ["occurrences that the policy skips do not run", policy("all", 2), 1, ago(2), ago(3), ago(1)],
    ["last uses one run", policy("last"), 1, ago(1), ago(3, 2), []],
    ["none uses no run", policy("none"), 1, [], ago(3, 2, 1), []],
    ["with no runs left, all are listed as ended", policy("last"), 0, [], [], ago(3, 2, 1)],
    ["if more runs are left than occurrences were missed, all of them run", policy("all"), 9, ago(3, 2, 1), [], []],
  ])("%s", (_, catchUp, runsLeft, run, skip, ended) => {
    expect(decide({ missed: ago(3, 2, 1), policy: catchUp, runsLeft })).toEqual({ run, skip, ended });
  });

  it("ignores an occurrence that jitter moved into the future", () => {
    const moved = { nominalMs: nowMs - 1000, effectiveMs: nowMs + 1 };
    const options = { missed: [moved], nowMs, policy: policy("all"), runsLeft: null };
    expect(decideCatchUp(options)).toEqual({ run: [], skip: [], ended: [] });
  });

  it("ignores an occurrence in the future (kestra #16721: resume skipped it)", () => {
    const options = { missed: [...ago(1), nowMs + 1], policy: policy("none") };
    expect(decide(options)).toEqual({ run: [], skip: ago(1), ended: [] });
  });

  it("neither bursts after a long outage (airflow #19126) nor stops (Kubernetes #42649)", () => {
    const missed = Array.from({ length: 5000 }, (_, i) => nowMs - (5000 - i) * 1000);
    expect(decide({ missed, policy: policy("last") }).run).toEqual([nowMs - 1000]);
    expect(decide({ missed, policy: policy("all") }).run).toEqual(missed.slice(-100));
  });

  it("puts every missed occurrence into one list, in order: skipped, run or ended", () => {
    const anyPolicy = fc.record({
      policy: fc.constantFrom<CatchUp["policy"]>("none", "last", "all"),
      windowSeconds: fc.nat(100_000),
      maxRuns: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: nowMs })),
        anyPolicy,
        fc.nat(30),
        (missed, catchUp, runsLeft) => {
          const { run, skip, ended } = decide({ missed, policy: catchUp, runsLeft });
          expect([...skip, ...run, ...ended]).toEqual([...missed].sort((a, b) => a - b));
          expect(run.length).toBeLessThanOrEqual(Math.min(catchUp.maxRuns, runsLeft));
          expect(run.every((nominalMs) => nominalMs >= nowMs - catchUp.windowSeconds * 1000)).toBe(true);
        },
      ),
    );
  });
});

it("the grace is one minute", () => {
  expect(CATCH_UP_GRACE_MS).toBe(60_000);
});
