import { describe, expect, it } from "vitest";
import { holdRows } from "./held-rows";

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
