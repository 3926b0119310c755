import { expect, it } from "vitest";
import { topOf } from "./top";

const rows = [{ value: 2 }, { value: 9 }, { value: 5 }];

it.each([
  [
    "keeps the largest rows, and notes how many there are",
    rows,
    { count: 2 },
    { shown: [{ value: 9 }, { value: 5 }], note: "top 2 of 3", restValue: 2 },
  ],
  [
    "has no note when all are shown",
    rows,
    { count: 3 },
    { shown: [{ value: 9 }, { value: 5 }, { value: 2 }], note: "", restValue: 0 },
  ],
  [
    "counts rows that the server omitted",
    rows,
    { count: 3, total: 40 },
    { shown: [{ value: 9 }, { value: 5 }, { value: 2 }], note: "top 3 of 40", restValue: 0 },
  ],
  ["accepts an empty list", [], { count: 3 }, { shown: [], note: "", restValue: 0 }],
])("topOf %s", (_, input, options, expected) => {
  expect(topOf(input, options)).toEqual(expected);
});

it("topOf does not change its input", () => {
  topOf(rows, { count: 1 });
  expect(rows.map((row) => row.value)).toEqual([2, 9, 5]);
});
