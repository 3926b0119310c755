import { describe, expect, it } from "vitest";
import { nextPinned, pinRows } from "./pinned-rows";

const row = (id: string, value = 1) => ({ id, value });
const id = (one: { id: string }) => one.id;

describe("pinned rows", () => {
  it.each([
    {
      name: "keep their order and take new values",
      before: [row("a"), row("b")],
      now: [row("b", 2), row("a", 3)],
      rows: [row("a", 3), row("b", 2)],
      newCount: 0,
    },
    {
      name: "count new rows, and keep the rows that new rows moved off the page",
      before: [row("a"), row("b")],
      now: [row("c"), row("a")],
      rows: [row("a"), row("b")],
      newCount: 1,
    },
    { name: "drop a deleted row", before: [row("a"), row("b")], now: [row("b")], rows: [row("b")], newCount: 0 },
    { name: "are empty after all rows were deleted", before: [row("a")], now: [], rows: [], newCount: 0 },
  ])("$name", ({ before, now, rows, newCount }) => {
    expect(pinRows({ before, now, id, isPaged: true })).toEqual({ rows, newCount });
  });

  it("drop a missing row of a list without pages, even if there are new rows", () => {
    const input = { before: [row("a"), row("b")], now: [row("c"), row("a")], id, isPaged: false };
    expect(pinRows(input)).toEqual({ rows: [row("a")], newCount: 1 });
  });
});

describe("nextPinned", () => {
  const first = { listKey: "page 1", rows: [row("a")] };

  it("keeps the rows while the user works in the list", () => {
    expect(nextPinned(first, { rows: [row("b")], listKey: "page 1", engaged: true })).toBe(first);
  });

  it("replaces the rows while the user is elsewhere", () => {
    const rows = [row("b")];
    expect(nextPinned(first, { rows, listKey: "page 1", engaged: false })).toEqual({ listKey: "page 1", rows });
  });

  it("does not pin the rows of the previous page under the key of the next page", () => {
    const shown = { listKey: "page 2", engaged: true };
    const loading = nextPinned(first, { ...shown, rows: first.rows, isPlaceholder: true });
    expect(loading).toBe(first);
    const rows = [row("b")];
    expect(nextPinned(loading, { ...shown, rows })).toEqual({ listKey: "page 2", rows });
  });
});
