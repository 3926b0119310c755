import { describe, expect, it } from "vitest";
import { holdRows, nextHeld } from "./held-rows";

const row = (id: string, value = 1) => ({ id, value });
const id = (one: { id: string }) => one.id;

describe("held rows", () => {
  it.each([
    {
      name: "keep their order and take new values",
      before: [row("a"), row("b")],
      now: [row("b", 2), row("a", 3)],
      rows: [row("a", 3), row("b", 2)],
      fresh: 0,
    },
    {
      name: "count what came and keep what it moved off the page",
      before: [row("a"), row("b")],
      now: [row("c"), row("a")],
      rows: [row("a"), row("b")],
      fresh: 1,
    },
    { name: "drop a row that is gone", before: [row("a"), row("b")], now: [row("b")], rows: [row("b")], fresh: 0 },
    { name: "are empty when all are gone", before: [row("a")], now: [], rows: [], fresh: 0 },
  ])("$name", ({ before, now, rows, fresh }) => {
    expect(holdRows({ before, now, id })).toEqual({ rows, fresh });
  });
});

describe("the rows to hold", () => {
  const first = { listKey: "page 1", rows: [row("a")] };

  it("stay while the user works in the list", () => {
    expect(nextHeld(first, { rows: [row("b")], listKey: "page 1", engaged: true })).toBe(first);
  });

  it("are replaced while the user is elsewhere", () => {
    const rows = [row("b")];
    expect(nextHeld(first, { rows, listKey: "page 1", engaged: false })).toEqual({ listKey: "page 1", rows });
  });

  it("of the page before are not held as those of the next page", () => {
    const shown = { listKey: "page 2", engaged: true };
    const loading = nextHeld(first, { ...shown, rows: first.rows, isPlaceholder: true });
    expect(loading).toBe(first);
    const rows = [row("b")];
    expect(nextHeld(loading, { ...shown, rows })).toEqual({ listKey: "page 2", rows });
  });
});
