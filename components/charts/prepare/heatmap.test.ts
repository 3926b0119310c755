import { describe, expect, it } from "vitest";
import { groupColumns, prepareHeatmap } from "./heatmap";

describe("prepareHeatmap", () => {
  it("grades values by their share of the largest value, and only zero has level 0", () => {
    const cells = [1, 20, 21, 60, 100].map((value, column) => ({ row: 0, column, value }));
    const { matrix, max } = prepareHeatmap(cells, { rows: 1, columns: 6 });
    expect(max).toBe(100);
    expect(matrix[0]?.map((cell) => cell.level)).toEqual([1, 1, 2, 3, 5, 0]);
  });

  it("adds up cells at the same position and drops cells outside the matrix", () => {
    const cells = [
      { row: 0, column: 0, value: 2 },
      { row: 0, column: 0, value: 3 },
      { row: 7, column: 0, value: 9 },
      { row: 0, column: -1, value: 9 },
    ];
    const { matrix, max } = prepareHeatmap(cells, { rows: 1, columns: 1 });
    expect(matrix).toEqual([[{ value: 5, level: 5 }]]);
    expect(max).toBe(5);
  });

  it.each([
    ["zero", 0],
    ["gap", null],
  ] as const)('with `missing: "%s"`, a missing cell has the value %s', (missing, value) => {
    expect(prepareHeatmap([], { rows: 1, columns: 1, missing }).matrix).toEqual([[{ value, level: 0 }]]);
  });
});

it("groupColumns merges neighbouring columns into at most the given number of groups", () => {
  const { groupOf, firsts } = groupColumns(56, 24);
  expect([groupOf(0), groupOf(2), groupOf(3), groupOf(55)]).toEqual([0, 0, 1, 18]);
  expect(firsts).toHaveLength(19);
  expect(firsts.at(-1)).toBe(54);
  expect(groupColumns(10, 24).firsts).toHaveLength(10);
  expect(groupColumns(0, 24).firsts).toEqual([]);
});
