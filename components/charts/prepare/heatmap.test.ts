import { describe, expect, it } from "vitest";
import { groupColumns, latestHour, prepareHeatmap } from "./heatmap";

describe("prepareHeatmap", () => {
  it("grades by the share of the largest value; only zero has level 0", () => {
    const cells = [1, 20, 21, 60, 100].map((value, column) => ({ row: 0, column, value }));
    const { matrix, max } = prepareHeatmap(cells, { rows: 1, columns: 6 });
    expect(max).toBe(100);
    expect(matrix[0]?.map((cell) => cell.level)).toEqual([1, 1, 2, 3, 5, 0]);
  });

  it("adds up cells at the same position and drops those outside", () => {
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

it("groupColumns merges neighbouring columns into no more groups than allowed", () => {
  const { groupOf, firsts } = groupColumns(56, 24);
  expect([groupOf(0), groupOf(2), groupOf(3), groupOf(55)]).toEqual([0, 0, 1, 18]);
  expect(firsts).toHaveLength(19);
  expect(firsts.at(-1)).toBe(54);
  expect(groupColumns(10, 24).firsts).toHaveLength(10);
  expect(groupColumns(0, 24).firsts).toEqual([]);
});

describe("latestHour", () => {
  const iso = (range: { from: number; to: number } | null) => range && new Date(range.from).toISOString();

  it.each([
    // Wednesday 25 November 2026, 10:20 UTC is 11:20 in Berlin and 15:50 in Kolkata.
    [
      "the hour in progress",
      "Europe/Berlin",
      "2026-11-25T10:20:00Z",
      { row: 2, column: 11 },
      "2026-11-25T10:00:00.000Z",
    ],
    [
      "an hour later on that day",
      "Europe/Berlin",
      "2026-11-25T10:20:00Z",
      { row: 2, column: 12 },
      "2026-11-18T11:00:00.000Z",
    ],
    ["an hour of Sunday", "Europe/Berlin", "2026-11-25T10:20:00Z", { row: 6, column: 0 }, "2026-11-21T23:00:00.000Z"],
    [
      "an hour in a zone half an hour off UTC",
      "Asia/Kolkata",
      "2026-11-25T10:20:00Z",
      { row: 2, column: 15 },
      "2026-11-25T09:30:00.000Z",
    ],
    [
      "an hour of last week if the hour of this week begins at the end of the range",
      "UTC",
      "2026-11-25T10:00:00Z",
      { row: 2, column: 10 },
      "2026-11-18T10:00:00.000Z",
    ],
    [
      "an hour before a clock change",
      "Europe/Berlin",
      "2026-03-31T10:00:00Z",
      { row: 5, column: 8 },
      "2026-03-28T07:00:00.000Z",
    ],
  ])("finds %s", (_, zone, until, cell, from) => {
    expect(iso(latestHour(cell, { zone, untilMs: Date.parse(until) }))).toBe(from);
  });

  it("goes back one more week for an hour that the clocks left out", () => {
    const until = { zone: "Europe/Berlin", untilMs: Date.parse("2026-03-29T12:00:00Z") };
    expect(iso(latestHour({ row: 6, column: 2 }, until))).toBe("2026-03-22T01:00:00.000Z");
  });
});
