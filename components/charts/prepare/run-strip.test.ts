import { expect, it } from "vitest";
import { describeRuns } from "./run-strip";

it.each([
  ["no runs", [], "No runs yet."],
  ["one run", ["succeeded"], "Last run: 1 succeeded. Latest: succeeded."],
  [
    "many runs, in the display order of outcomes",
    ["dead", "succeeded", "late", "succeeded", "skipped"],
    "Last 5 runs: 2 succeeded, 1 late, 1 skipped, 1 dead. Latest: skipped.",
  ],
] as const)("describeRuns describes %s", (_, outcomes, expected) => {
  expect(describeRuns(outcomes)).toBe(expected);
});
