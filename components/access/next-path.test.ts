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
])("from %s one goes to %s", (given, expected) => {
  expect(safeNextPath(given)).toBe(expected);
});
