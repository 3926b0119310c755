import { expect, it } from "vitest";
import { safeNextPath } from "./next-path";

it.each([
  ["/schedules?q=a%20b#x", "/schedules?q=a%20b#x"],
  ["/", "/"],
  [null, "/"],
  ["", "/"],
  ["schedules", "/"],
  ["https://evil.example/", "/"],
  ["//evil.example/x", "/"],
  ["/\\evil.example/x", "/"],
  ["javascript:alert(1)", "/"],
  ["/login?next=/login", "/"],
  ["/setup?token=x", "/"],
  ["/login/", "/"],
  // These resolve to a path that begins with two slashes, which a browser treats as another host.
  ["/.//evil.example/x", "/"],
  ["/..//evil.example/x", "/"],
  ["/%2e//evil.example/x", "/"],
  ["/%2E%2e//evil.example/x", "/"],
  ["/a/..//evil.example/x", "/"],
  ["/a/b/../..//evil.example", "/"],
  ["/./\\evil.example", "/"],
  ["/.\t//evil.example", "/"],
  ["/\n/evil.example", "/"],
  ["/\r\n\\evil.example", "/"],
  ["\t//evil.example", "/"],
  ["\\\\evil.example", "/"],
  ["///evil.example", "/"],
  ["https:evil.example", "/"],
  ["http:evil.example", "/"],
  ["http://here.invalid@evil.example/", "/"],
  ["//here.invalid/x", "/"],
  ["//[", "/"],
  ["/a//b", "/a//b"],
  ["/schedules?next=//evil.example", "/schedules?next=//evil.example"],
])("%s leads to %s", (next, expected) => {
  expect(safeNextPath(next)).toBe(expected);
});
