import { describe, expect, it } from "vitest";
import { fitsScope, RIGHTS } from "./rights";
import { compactPrefixes, DirectoryName, isInScope, Scope } from "./scope";

describe("a scope", () => {
  it.each([
    ["billing.paid", ["billing."], true],
    ["invoices.sent", ["billing.", "invoices."], true],
    ["billing", ["billing."], false],
    ["Billing.paid", ["billing."], false],
    ["x.billing.paid", ["billing."], false],
    ["billing.paid", [], false],
  ])("has the topic %s with the prefixes %j: %s", (topic, prefixes, expected) => {
    expect(isInScope(prefixes, topic)).toBe(expected);
  });

  it("that is not given has every topic", () => {
    expect(isInScope(null, "any")).toBe(true);
    expect(isInScope(undefined, "any")).toBe(true);
  });

  it("keeps no prefix that another prefix covers", () => {
    expect(compactPrefixes(["b.x", "a.", "b.", "a.", "b"])).toEqual(["a.", "b"]);
  });

  it.each([
    [{}, "must name at least one"],
    [{ topicPrefixes: ["a b"] }, "must begin a topic name"],
    [{ topicPrefixes: [""] }, "must begin a topic name"],
    [{ namespaces: ["A"] }, "must be lower-case"],
  ])("is refused if it is %j", (scope, message) => {
    expect(Scope.safeParse(scope).error?.issues[0]?.message).toContain(message);
  });
});

it("no right about the installation fits a scope", () => {
  expect(RIGHTS.filter((right) => !fitsScope(right))).toEqual([
    "audit:read",
    "settings:edit",
    "users:edit",
    "keys:edit",
    "system:operate",
  ]);
});

it.each(["a", "billing-editor", "a1_b"])("%s is a valid name of a role, namespace or service account", (name) => {
  expect(DirectoryName.safeParse(name).success).toBe(true);
});

it.each(["", "-a", "a-", "A", "a b", "a".repeat(41)])(
  "%j is not a valid name of a role, namespace or service account",
  (name) => {
    expect(DirectoryName.safeParse(name).success).toBe(false);
  },
);
