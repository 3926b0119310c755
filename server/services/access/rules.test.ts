import { describe, expect, it } from "vitest";
import { RIGHTS, type Right } from "~/server/domain/rights";
import type { Principal } from "~/server/services/principal";
import { requireSameOrigin } from "./origin";
import { ADDRESS_HEADER, clientIp, isHttps, readCookie, requestIdOf } from "./request-headers";
import { requireRight } from "./require-right";

const person = (role: Principal["role"], rights?: Right[]): Principal => ({
  id: "p",
  email: null,
  name: "p",
  role,
  via: "session",
  rights,
});

function outcome(principal: Principal | null, right: Right | readonly Right[]): string {
  try {
    requireRight({ principal, deps: {} }, right);
    return "allowed";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("requireRight", () => {
  it("refuses a caller with a scope on stores that do not apply it", () => {
    const principal: Principal = { ...person("service", ["schedules:read"]), scope: ["a."] };
    const call = (scope?: readonly string[]) => requireRight({ principal, deps: { scope } }, "schedules:read");
    expect(() => call()).toThrow("do not apply the scope");
    // An equal list is not enough: the stores must have been made for this caller's scope.
    expect(() => call(["a."])).toThrow("do not apply the scope");
    expect(call(principal.scope)).toBe(principal);
  });

  it.each<[string, Right | readonly Right[], string, Principal | null]>([
    ["nobody", "schedules:read", "unauthenticated", null],
    ["a viewer", "schedules:read", "allowed", person("viewer")],
    ["a viewer", "schedules:toggle", "forbidden", person("viewer")],
    ["an operator", "system:operate", "allowed", person("operator")],
    ["an operator", "schedules:edit", "forbidden", person("operator")],
    ["an editor", "schedules:edit", "allowed", person("editor")],
    ["an editor", "system:operate", "forbidden", person("editor")],
    ["an editor", ["system:operate", "schedules:edit"], "allowed", person("editor")],
    ["a key without rights", "schedules:read", "forbidden", person("service")],
    ["a key with another right", "schedules:read", "forbidden", person("service", ["schedules:edit"])],
    ["a key with the right", "schedules:edit", "allowed", person("service", ["schedules:edit"])],
    ["a viewer with forged rights", "users:edit", "forbidden", person("viewer", ["users:edit"])],
  ])("for %s and the right %s: %s", (_, right, expected, principal) => {
    expect(outcome(principal, right)).toBe(expected);
  });

  it("gives an admin every right", () => {
    expect(RIGHTS.filter((right) => outcome(person("admin"), right) !== "allowed")).toEqual([]);
  });
});

const OWN = { host: "a.example", origin: "https://a.example", "sec-fetch-site": "same-origin" };
const PROXIED = { host: "web:3000", "x-forwarded-host": "a.example", "x-forwarded-proto": "https" };
const program = { host: "a.example" };

/** The sender of a change, its headers, and whether the change is accepted. */
const CHANGES: [string, Record<string, string>, boolean][] = [
  ["our own page", OWN, true],
  ["our own page in a browser without Fetch Metadata", { host: "a.example", origin: "https://a.example" }, true],
  ["our own page with a port", { ...OWN, host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }, true],
  ["our own page behind a proxy", { ...OWN, ...PROXIED }, true],
  ["our own page that hides its origin", { host: "a.example", "sec-fetch-site": "same-origin" }, true],
  ["another site", { ...OWN, origin: "https://b.example", "sec-fetch-site": "cross-site" }, false],
  ["another site in a browser without Fetch Metadata", { host: "a.example", origin: "https://b.example" }, false],
  ["another site with a forged origin", { ...OWN, "sec-fetch-site": "cross-site" }, false],
  ["another site that hides its origin", { host: "a.example", "sec-fetch-site": "cross-site" }, false],
  ["another site behind the same proxy", { ...PROXIED, origin: "https://b.example" }, false],
  [
    "another site with the forwarded host of a third",
    { ...program, "x-forwarded-host": "c", origin: "https://b" },
    false,
  ],
  ["a subdomain", { ...OWN, origin: "https://x.a.example", "sec-fetch-site": "same-site" }, false],
  ["a subdomain with a forged origin", { ...OWN, "sec-fetch-site": "same-site" }, false],
  ["the parent domain", { ...OWN, origin: "https://example", "sec-fetch-site": "same-site" }, false],
  ["a host whose name begins like ours", { host: "a.example", origin: "https://a.example.b.example" }, false],
  ["another port", { host: "a.example:3000", origin: "http://a.example:4000" }, false],
  ["our own host over HTTP", { ...PROXIED, origin: "http://a.example" }, false],
  ["a sandboxed frame", { host: "a.example", origin: "null" }, false],
  ["a sandboxed frame of our own page", { ...OWN, origin: "null" }, false],
  ["a file", { host: "a.example", origin: "file://" }, false],
  ["an origin that is not a URL", { host: "a.example", origin: "a.example" }, false],
  ["an empty origin", { host: "a.example", origin: "" }, false],
  ["the browser's address bar", { host: "a.example", "sec-fetch-site": "none" }, false],
];

describe("requireSameOrigin", () => {
  const isAccepted = (method: string, headers: Record<string, string>, hasSession: boolean) => {
    try {
      requireSameOrigin({ method, headers: new Headers(headers), hasSession });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: "forbidden" });
      return false;
    }
  };

  it.each(CHANGES)("decides for %s (%j) whether a change is accepted: %s", (_, headers, expected) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "post"])
      for (const hasSession of [true, false]) expect(isAccepted(method, headers, hasSession)).toBe(expected);
    for (const method of ["GET", "HEAD", "OPTIONS"]) expect(isAccepted(method, headers, true)).toBe(true);
  });

  it("accepts a program only without a session, because programs have API keys", () => {
    expect([isAccepted("POST", program, false), isAccepted("POST", program, true)]).toEqual([true, false]);
  });
});

describe("request headers", () => {
  it("ignores an address from the caller", () => {
    expect(clientIp(new Headers({ "x-forwarded-for": "1.1.1.1", "x-real-ip": "1.1.1.1" }))).toBeNull();
    expect(clientIp(new Headers({ [ADDRESS_HEADER]: "x".repeat(14_000) }))).toBeNull();
    expect(clientIp(new Headers({ [ADDRESS_HEADER]: "::ffff:192.0.2.7" }))).toBe("192.0.2.7");
  });

  it("detects HTTPS by the proxy's header or the browser's origin", () => {
    expect(isHttps(new Headers({ origin: "https://a.example", "x-forwarded-proto": "http" }))).toBe(true);
    expect(isHttps(new Headers({ origin: "http://a.example" }))).toBe(false);
    expect(isHttps(new Headers({ "x-forwarded-proto": "https, http" }))).toBe(true);
    expect(isHttps(new Headers())).toBe(false);
  });

  it("keeps a valid request id and replaces an invalid one", () => {
    expect(requestIdOf(new Headers({ "x-request-id": "abc-1" }))).toBe("abc-1");
    expect(requestIdOf(new Headers({ "x-request-id": "a b<script>" }))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("finds a cookie by its full name", () => {
    const headers = new Headers({ cookie: "xsession=1; session=two=2; other=3" });
    expect(readCookie(headers, "session")).toBe("two=2");
    expect(readCookie(headers, "absent")).toBeNull();
  });
});
