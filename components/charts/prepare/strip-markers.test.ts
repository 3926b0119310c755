import { expect, test } from "vitest";
import { changesBefore, latenessLevel, type StripChange } from "./strip-markers";

const change = (at: number): StripChange => ({ id: String(at), kind: "edit", at, actor: "ana", note: null });
const RUNS = [{ at: 10 }, { at: 20 }, { at: 30 }];

test.each<[string, number[], [number, string[]][]]>([
  ["before the first run is left out", [5], []],
  ["between two runs is placed before the second run", [15], [[1, ["15"]]]],
  ["at the time of a run is placed after the run", [20], [[2, ["20"]]]],
  ["after the last run is placed after the last run", [35], [[3, ["35"]]]],
  [
    "is sorted by its time among other changes",
    [25, 21, 12],
    [
      [1, ["12"]],
      [2, ["21", "25"]],
    ],
  ],
])("a change %s", (_, at, expected) => {
  const placed = changesBefore(RUNS, at.map(change));
  expect([...placed].map(([index, changes]) => [index, changes.map(({ id }) => id)])).toEqual(expected);
});

test("without runs, a change has the index 0", () => {
  expect([...changesBefore([], [change(5)]).keys()]).toEqual([0]);
});

test.each<[number | null, number]>([
  [null, 0],
  [-50, 0],
  [99, 0],
  [100, 1],
  [5000, 2],
  [60_000, 4],
  [3_600_000, 5],
])("latenessLevel of %s ms is %i", (latenessMs, level) => {
  expect(latenessLevel(latenessMs)).toBe(level);
});
