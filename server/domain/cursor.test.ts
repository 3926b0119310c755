import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor";

describe("a cursor", () => {
  test.each([
    ["name", "string", "Zoë's"],
    ["at", "number", 1_800_000_000_000],
    ["at", "number", null],
  ] as const)("for the sort key %s is decoded to its %s: %s", (sort, type, value) => {
    expect(decodeCursor(encodeCursor(sort, { value, id: "x" }), { sort, type })).toEqual({ value, id: "x" });
  });

  test.each([
    ["", "empty"],
    ["!!", "not base64"],
    [Buffer.from("[]").toString("base64url"), "another shape"],
    [encodeCursor("other", { value: 1, id: "x" }), "another sort"],
    [encodeCursor("at", { value: "1", id: "x" }), "another type"],
    [Buffer.from('{"s":"at","v":1.5,"id":"x"}').toString("base64url"), "not an integer"],
    [Buffer.from('{"s":"at","v":1,"id":"x","more":1}').toString("base64url"), "an unknown field"],
  ])("%s is refused: %s", (cursor) => {
    expect(() => decodeCursor(cursor, { sort: "at", type: "number" })).toThrow(
      expect.objectContaining({ code: "cursor_invalid" }),
    );
  });
});
