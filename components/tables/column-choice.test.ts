import { describe, expect, test } from "vitest";
import type { Column } from "./column";
import { choiceOf, chosenColumns, moved, widthsOf, withChoice, withWidth } from "./column-choice";

const column = (id: string, more: Partial<Column<null>> = {}): Column<null> => ({
  id,
  header: id,
  cell: () => null,
  ...more,
});
const COLUMNS = [
  column("name", { rowHeader: true }),
  column("cadence"),
  column("next"),
  column("tier"),
  column("actions", { hideHeader: true }),
];
const shown = (text: string, columns = COLUMNS) =>
  chosenColumns(columns, choiceOf(columns, text, "schedules")).map(({ id }) => id);

describe("the columns of a list", () => {
  test.each([
    ["have their default order without a choice", "", ["name", "cadence", "next", "tier", "actions"]],
    ["have the chosen order", "schedules:tier.cadence.next", ["name", "tier", "cadence", "next", "actions"]],
    ["leave out hidden columns", "schedules:-tier.cadence.-next", ["name", "cadence", "actions"]],
    ["keep the name and the buttons if all others are hidden", "schedules:-tier.-cadence.-next", ["name", "actions"]],
    ["ignore the choice of another list", "executions:-tier", ["name", "cadence", "next", "tier", "actions"]],
    [
      "ignore unknown and repeated ids",
      "schedules:gone.tier.-tier.next.cadence",
      ["name", "tier", "next", "cadence", "actions"],
    ],
    [
      "keep the name and the buttons in place",
      "schedules:-name.-actions.tier.cadence.next",
      ["name", "tier", "cadence", "next", "actions"],
    ],
    ["ignore a damaged text", "*::schedules*:.-", ["name", "cadence", "next", "tier", "actions"]],
  ])("%s", (_, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test("show a column that is newer than the stored choice at its default position", () => {
    const newer = COLUMNS.toSpliced(3, 0, column("recent")).toSpliced(1, 0, column("owner"));
    expect(shown("schedules:tier.next.-cadence", newer)).toEqual([
      "name",
      "owner",
      "tier",
      "next",
      "recent",
      "actions",
    ]);
  });
});

test("writing or resetting the choice of a list keeps the choices of other lists", () => {
  const choice = moved(choiceOf(COLUMNS, "", "schedules"), "tier", -1).map((one) =>
    one.id === "next" ? { ...one, isHidden: true } : one,
  );
  const text = withChoice("executions:-trigger", "schedules", choice);
  expect(text).toBe("executions:-trigger*schedules:cadence.tier.-next");
  expect(choiceOf(COLUMNS, text, "schedules")).toEqual(choice);
  expect(withChoice(text, "schedules", null)).toBe("executions:-trigger");
});

test("a column at an end does not move beyond it", () => {
  const choice = choiceOf(COLUMNS, "", "schedules");
  expect(moved(choice, "cadence", -1)).toBe(choice);
  expect(moved(choice, "tier", 1)).toBe(choice);
  expect(moved(choice, "cadence", 1).map(({ id }) => id)).toEqual(["next", "cadence", "tier"]);
});

test("widths are kept beside the choice, for each list, until a reset", () => {
  const wide = withWidth("executions:-trigger", "schedules", { id: "name", px: 320 });
  expect(wide).toBe("executions:-trigger*schedules:~name.320");
  expect(shown(wide)).toEqual(shown(""));
  const text = withChoice(withWidth(wide, "schedules", { id: "tier", px: 90 }), "schedules", [
    { id: "tier", isHidden: false },
  ]);
  expect(text).toBe("executions:-trigger*schedules:tier~name.320~tier.90");
  expect([...widthsOf(text, "schedules")]).toEqual([
    ["name", 320],
    ["tier", 90],
  ]);
  expect(withWidth(text, "schedules", { id: "tier", px: null })).toBe("executions:-trigger*schedules:tier~name.320");
  expect(withWidth(wide, "schedules", { id: "name", px: null })).toBe("executions:-trigger");
  expect(withChoice(text, "schedules", null)).toBe("executions:-trigger");
});

test.each([
  "schedules:-cadence~name",
  "schedules:-cadence~name.",
  "schedules:-cadence~.90",
  "schedules:-cadence~name.9e9",
])("a damaged width is ignored: %s", (text) => {
  expect([...widthsOf(text, "schedules")]).toEqual([]);
  expect(shown(text)).not.toContain("cadence");
});
