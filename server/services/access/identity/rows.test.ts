import { describe, expect, it } from "vitest";
import type { User } from "../documents";
import { matches, rowsOf, withoutRow, withRow } from "./rows";

const user: User = {
  ...{ id: "u1", version: 1, createdAt: 0, updatedAt: 1000, email: "ann@example.com", name: "Ann" },
  ...{ role: "editor", passwordHash: "$argon2id$x", disabled: false },
};
const link = { id: "a1", userId: "u1", providerId: "oidc", accountId: "subject" };
const clause = (field: string, operator: "eq" | "ne" | "in" | "not_in" | "lt" | "gte", value: unknown, or = false) =>
  ({ field, operator, value, connector: or ? "OR" : "AND", mode: "sensitive" }) as Parameters<
    typeof matches
  >[1][number];

describe("the rows of a user", () => {
  it("are the user and the account with its password", () => {
    expect(rowsOf(user, "user")).toEqual([
      {
        ...{ id: "u1", email: "ann@example.com", emailVerified: true, name: "Ann", image: null, role: "editor" },
        ...{
          disabled: false,
          hasPassword: true,
          createdAt: "1970-01-01T00:00:00.000Z",
          updatedAt: "1970-01-01T00:00:01.000Z",
        },
      },
    ]);
    expect(rowsOf(user, "account")).toMatchObject([
      { userId: "u1", accountId: "u1", providerId: "credential", password: "$argon2id$x" },
    ]);
    expect(rowsOf({ ...user, passwordHash: "" }, "account")).toEqual([]);
  });

  it("of other models are added, changed and removed one by one", () => {
    const linked = withRow(withRow(user, "account", link), "account", { ...link, id: "a2" });
    expect(rowsOf(linked, "account").map((row) => row.id)).toEqual(["credential:u1", "a1", "a2"]);
    const changed = withRow(linked, "account", { ...link, scope: "openid" });
    expect(rowsOf(changed, "account")[1]).toEqual({ ...link, scope: "openid" });
    expect(rowsOf(withoutRow(changed, "account", "a1"), "account").map((row) => row.id)).toEqual([
      "credential:u1",
      "a2",
    ]);
    expect(rowsOf(withoutRow(changed, "account", "credential:u1"), "account").map((row) => row.id)).toEqual([
      "a1",
      "a2",
    ]);
  });

  it("keep the fields of plugins, and neither the id nor the e-mail address changes", () => {
    const row = {
      ...rowsOf(user, "user")[0],
      id: "u2",
      email: "eve@example.com",
      name: "Bea",
      role: "admin",
      extra: 1,
    };
    const changed = withRow(user, "user", row);
    expect(changed).toMatchObject({ id: "u1", email: "ann@example.com", name: "Bea", role: "admin" });
    expect(rowsOf(changed, "user")[0]).toMatchObject({ id: "u1", extra: 1 });
    expect(withRow(user, "user", { role: 7 }).role).toBe("editor");
  });
});

describe("a condition", () => {
  const row = { name: "b", at: "2026-01-02", none: null };

  it.each([
    ["no clause", [], true],
    ["an equal value", [clause("name", "eq", "b")], true],
    ["another value", [clause("name", "eq", "B")], false],
    ["an absent field that must be null", [clause("absent", "eq", null)], true],
    ["an unequal value", [clause("name", "ne", "c")], true],
    ["one of several values", [clause("name", "in", ["a", "b"])], true],
    ["none of several values", [clause("name", "not_in", ["a", "b"])], false],
    ["an earlier date", [clause("at", "lt", "2026-01-03")], true],
    ["the same date", [clause("at", "gte", "2026-01-02")], true],
    ["an order with null", [clause("none", "lt", "x")], false],
    ["both clauses", [clause("name", "eq", "b"), clause("at", "eq", "x")], false],
    ["one of two clauses", [clause("name", "eq", "x", true), clause("at", "eq", "2026-01-02", true)], true],
    ["neither of two clauses", [clause("name", "eq", "x", true), clause("at", "eq", "x", true)], false],
  ])("with %s: %s", (_, where, expected) => {
    expect(matches(row, where)).toBe(expected);
  });

  it("with an unsupported operator throws", () => {
    expect(() => matches(row, [{ ...clause("name", "eq", "b"), operator: "contains" }])).toThrow("contains");
  });
});
