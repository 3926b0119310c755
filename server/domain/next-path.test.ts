import { expect, it } from "vitest";
import { safeNextPath } from "./next-path";

it.each([
  ["/schedules?q=a%20b#x", "/schedules?q=a%20b#x"],
  ["/", "/"],
  ["/a//b", "/a//b"],
  ["/schedules?next=//evil.example", "/schedules?next=//evil.example"],
  [null, "/"],
  ["", "/"],
  ["schedules", "/"],
  ["//[", "/"],
  ["/login?next=/login", "/"],
  ["/setup?token=x", "/"],
  ["/login/", "/"],
  // Another scheme or host.
  ["https://evil.example/", "/"],
  ["https:evil.example", "/"],
  ["http:evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["//evil.example/x", "/"],
  ["///evil.example", "/"],
  ["/\\evil.example/x", "/"],
  ["\\\\evil.example", "/"],
  // These resolve to a path that begins with two slashes, which a browser treats as another host.
  ["/.//evil.example/x", "/"],
  ["/..//evil.example/x", "/"],
  ["/%2e//evil.example/x", "/"],
  ["/%2E%2e//evil.example/x", "/"],
  ["/a/..//evil.example/x", "/"],
  ["/a/b/../..//evil.example", "/"],
  ["/./\\evil.example", "/"],
  // Browsers remove tabs and line breaks from a URL.
  ["/.\t//evil.example", "/"],
  ["/\n/evil.example", "/"],
  ["/\r\n\\evil.example", "/"],
  ["\t//evil.example", "/"],
  // The host of the base URL with which `safeNextPath` resolves paths.
  ["http://here.invalid@evil.example/", "/"],
  ["//here.invalid/x", "/"],
])("%s leads to %s", (next, expected) => {
  expect(safeNextPath(next)).toBe(expected);
});
