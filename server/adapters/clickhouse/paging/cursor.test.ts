import { describe, expect, test } from "vitest";
import { Where } from "../sql/where";
import { decodeCursor, encodeCursor } from "./cursor";

describe("a cursor", () => {
  test.each([
    ["name", "string", "Zoë's"],
    ["at", "number", 1_800_000_000_000],
    ["at", "number", null],
  ] as const)("of %s holding a %s comes back: %s", (sort, type, value) => {
    expect(decodeCursor(encodeCursor(sort, { value, id: "x" }), { sort, type })).toEqual({ value, id: "x" });
  });

  test.each([
    ["", "empty"],
    ["!!", "no base64"],
    [Buffer.from("[]").toString("base64url"), "another shape"],
    [encodeCursor("other", { value: 1, id: "x" }), "another sort"],
    [encodeCursor("at", { value: "1", id: "x" }), "another type"],
    [Buffer.from('{"s":"at","v":1.5,"id":"x"}').toString("base64url"), "no integer"],
    [Buffer.from('{"s":"at","v":1,"id":"x","more":1}').toString("base64url"), "too much in it"],
  ])("%s is refused: %s", (cursor) => {
    expect(() => decodeCursor(cursor, { sort: "at", type: "number" })).toThrow(
      expect.objectContaining({ code: "cursor_invalid" }),
    );
  });
});

describe("a condition", () => {
  test("is 1 when it is empty, joined by AND otherwise, and keeps values out of its text", () => {
    const where = new Where();
    expect(`${where}`).toBe("1");
    where
      .and("a = {a:String} OR b", { a: "' OR 1" })
      .when([], "c IN {c:Array(String)}", "c")
      .when(false, "d = {d:Bool}", "d");
    expect(`${where}`).toBe("(a = {a:String} OR b) AND (d = {d:Bool})");
    expect(where.params).toEqual({ a: "' OR 1", d: false });
  });

  test("refuses a name that is taken, and a copy does not change the original", () => {
    const where = new Where().and("a = {a:String}", { a: "1" });
    expect(() => where.and("b = {a:String}", { a: "2" })).toThrow("duplicate query parameter a");
    where.copy().and("c = {c:String}", { c: "3" });
    expect(where.params).toEqual({ a: "1" });
  });
});
