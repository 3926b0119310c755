import { describe, expect, it } from "vitest";
import { groupsIn, type OidcSettings, parseRoleMap, roleOfGroups } from "./oidc";

describe("a role map", () => {
  it("has a role for each group, whose name may contain an equals sign", () => {
    expect([...parseRoleMap(" admins=admin, cn=ops=operator,,")]).toEqual([
      ["admins", "admin"],
      ["cn=ops", "operator"],
    ]);
  });

  it.each(["admins", "admins=Big Boss", "=admin"])("refuses %s and names it", (text) => {
    expect(() => parseRoleMap(text)).toThrow(`"${text}"`);
  });
});

describe("the role of a user", () => {
  const settings = (defaultRole: OidcSettings["defaultRole"]): OidcSettings => ({
    ...{ issuer: "https://idp.example", clientId: "c", clientSecret: null, scopes: [], groupsClaim: "groups" },
    ...{ roleOfGroup: parseRoleMap("a=admin,e=editor,v=viewer"), defaultRole, name: "SSO", publicUrl: "https://a" },
  });

  it.each([
    ["the role with the most rights", ["v", "a", "e"], null, "admin"],
    ["the role of the group", ["x", "v"], "editor", "viewer"],
    ["the default without a mapped group", ["x"], "editor", "editor"],
    ["none without a mapped group and a default", ["x"], null, null],
    ["none without groups", [], null, null],
  ] as const)("is %s", (_, groups, defaultRole, expected) => {
    expect(roleOfGroups(groups, settings(defaultRole))).toBe(expected);
  });

  it("is a custom role if the first pair of the map that names a group has one", () => {
    const own = { ...settings(null), roleOfGroup: parseRoleMap("b=billing-editor,a=admin,v=viewer") };
    expect(roleOfGroups(["v", "b"], own)).toBe("billing-editor");
    expect(roleOfGroups(["a", "v"], own)).toBe("admin");
  });

  it.each([
    [{ groups: ["a", 1, null, "b"] }, ["a", "b"]],
    [{ groups: "a" }, ["a"]],
    [{ groups: { a: true } }, []],
    [{}, []],
  ])("comes from the groups in the claim %j", (claims, expected) => {
    expect(groupsIn(claims, "groups")).toEqual(expected);
  });
});
