import { expect, it } from "vitest";
import { describeRuns } from "./run-strip";

it.each([
  ["nothing yet", [], "No runs yet."],
  ["one run", ["succeeded"], "Last run: 1 succeeded. Latest: succeeded."],
  [
    "many, in the fixed order of outcomes",
    ["dead", "succeeded", "late", "succeeded", "skipped"],
    "Last 5 runs: 2 succeeded, 1 late, 1 skipped, 1 dead. Latest: skipped.",
  ],
] as const)("says %s", (_, outcomes, expected) => {
  expect(describeRuns(outcomes)).toBe(expected);
});
