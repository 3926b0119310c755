import { expect, it } from "vitest";
import { CHART_OUTCOMES } from "~/components/executions/histogram";
import { busiest, drawnOutcomes, outcomeTotals } from "./throughput";

const NONE = { succeeded: 0, late: 0, expired: 0, skipped: 0, dead: 0, cancelled: 0 };
const bar = (at: number, values: Partial<typeof NONE>) => {
  return { at, end: at + 1, isUnfinished: false, values: { ...NONE, ...values } };
};

it("busiest finds the bar with the most executions, and nothing without executions", () => {
  const highest = bar(1, { succeeded: 4, late: 2, dead: 1 });
  expect(busiest([bar(0, { succeeded: 5 }), highest, bar(2, { skipped: 3 })])).toEqual({ bucket: highest, total: 7 });
  expect(busiest([bar(0, {})])).toBeUndefined();
});

it("outcomeTotals counts a late success only as late", () => {
  expect(outcomeTotals({ ...NONE, succeeded: 5, late: 2, dead: 1 })).toEqual({
    ...NONE,
    succeeded: 3,
    late: 2,
    dead: 1,
  });
});

it("draws the outcomes of the bars too, because the first bar may begin before the totals", () => {
  expect(drawnOutcomes([bar(0, { dead: 1 }), bar(1, { late: 2 })], { ...NONE, late: 2 })).toEqual(
    CHART_OUTCOMES.filter((outcome) => ["succeeded", "late", "dead"].includes(outcome)),
  );
  expect(drawnOutcomes([], NONE)).toEqual(["succeeded"]);
});
