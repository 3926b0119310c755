import { describe, expect, it } from "vitest";
import type { Principal, Right } from "~/server/services/ctx";
import { requireSameOrigin } from "./origin";
import { ADDRESS_HEADER, clientIp, isHttps, readCookie, requestIdOf } from "./request-facts";
import { requireRight } from "./require-right";

const person = (role: Principal["role"], scopes?: Right[]): Principal => ({
  id: "p",
  email: null,
  name: "p",
  role,
  via: "session",
  scopes,
});

function outcome(principal: Principal | null, right: Right): string {
  try {
    requireRight({ principal }, right);
    return "allowed";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("requireRight", () => {
  it.each<[string, Principal | null, Record<Right, string>]>([
    ["nobody", null, { read: "unauthenticated", write: "unauthenticated", admin: "unauthenticated" }],
    ["a viewer", person("viewer"), { read: "allowed", write: "forbidden", admin: "forbidden" }],
    ["an operator", person("operator"), { read: "allowed", write: "allowed", admin: "forbidden" }],
    ["an admin", person("admin"), { read: "allowed", write: "allowed", admin: "allowed" }],
    ["a key without rights", person("service"), { read: "forbidden", write: "forbidden", admin: "forbidden" }],
    ["a reading key", person("service", ["read"]), { read: "allowed", write: "forbidden", admin: "forbidden" }],
    ["a writing key", person("service", ["write"]), { read: "allowed", write: "allowed", admin: "forbidden" }],
    ["an admin's key", person("service", ["admin"]), { read: "allowed", write: "allowed", admin: "allowed" }],
    [
      "a viewer with a forged scope",
      person("viewer", ["admin"]),
      { read: "allowed", write: "forbidden", admin: "forbidden" },
    ],
  ])("knows what %s may do", (_, principal, expected) => {
    for (const right of ["read", "write", "admin"] as const) expect(outcome(principal, right)).toBe(expected[right]);
  });
});

describe("requireSameOrigin", () => {
  it.each<[string, string, Record<string, string>, boolean]>([
    ["our own page", "POST", { host: "a.example", origin: "https://a.example" }, true],
    ["our own page with a port", "POST", { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }, true],
    [
      "our own page behind a proxy",
      "POST",
      { host: "web:3000", "x-forwarded-host": "a.example", origin: "https://a.example" },
      true,
    ],
    ["a program", "POST", { host: "a.example" }, true],
    ["another site", "POST", { host: "a.example", origin: "https://b.example" }, false],
    ["another port", "DELETE", { host: "a.example:3000", origin: "http://a.example:4000" }, false],
    ["a sandboxed frame", "POST", { host: "a.example", origin: "null" }, false],
    ["another site that hides its origin", "PUT", { host: "a.example", "sec-fetch-site": "cross-site" }, false],
    ["another site that only reads", "GET", { host: "a.example", origin: "https://b.example" }, true],
  ])("judges %s", (_, method, headers, allowed) => {
    const call = () => requireSameOrigin({ method, headers: new Headers(headers) });
    if (allowed) expect(call).not.toThrow();
    else expect(call).toThrow(expect.objectContaining({ code: "forbidden" }));
  });
});

describe("what a request says of itself", () => {
  it("has no address that the caller gives itself", () => {
    expect(clientIp(new Headers({ "x-forwarded-for": "1.1.1.1", "x-real-ip": "1.1.1.1" }))).toBeNull();
    expect(clientIp(new Headers({ [ADDRESS_HEADER]: "x".repeat(14_000) }))).toBeNull();
    expect(clientIp(new Headers({ [ADDRESS_HEADER]: "::ffff:192.0.2.7" }))).toBe("192.0.2.7");
  });

  it("takes https from the proxy or from the browser's own origin", () => {
    expect(isHttps(new Headers({ origin: "https://a.example", "x-forwarded-proto": "http" }))).toBe(true);
    expect(isHttps(new Headers({ origin: "http://a.example" }))).toBe(false);
    expect(isHttps(new Headers({ "x-forwarded-proto": "https, http" }))).toBe(true);
    expect(isHttps(new Headers())).toBe(false);
  });

  it("keeps a sane request id and replaces another", () => {
    expect(requestIdOf(new Headers({ "x-request-id": "abc-1" }))).toBe("abc-1");
    expect(requestIdOf(new Headers({ "x-request-id": "a b<script>" }))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("finds a cookie among others by its whole name", () => {
    const headers = new Headers({ cookie: "xsession=1; session=two=2; other=3" });
    expect(readCookie(headers, "session")).toBe("two=2");
    expect(readCookie(headers, "absent")).toBeNull();
  });
});
