import { describe, expect, test } from "vitest";
import { Where } from "./where";

describe("a condition", () => {
  test("is 1 if empty, otherwise joins its fragments by AND, and passes values as parameters", () => {
    const where = new Where();
    expect(`${where}`).toBe("1");
    where
      .and("a = {a:String} OR b", { a: "' OR 1" })
      .when([], "c IN {c:Array(String)}", "c")
      .when(false, "d = {d:Bool}", "d");
    expect(`${where}`).toBe("(a = {a:String} OR b) AND (d = {d:Bool})");
    expect(where.params).toEqual({ a: "' OR 1", d: false });
  });

  test("refuses a duplicate parameter name, and is not changed through its copy", () => {
    const where = new Where().and("a = {a:String}", { a: "1" });
    expect(() => where.and("b = {a:String}", { a: "2" })).toThrow("duplicate query parameter a");
    where.copy().and("c = {c:String}", { c: "3" });
    expect(where.params).toEqual({ a: "1" });
  });
});
