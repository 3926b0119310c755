import { expect, it } from "vitest";
import { isPlainAddress } from "./address";

it.each([
  "/",
  "/admin/schedules",
  "/admin/schedules/?limit=1",
  "/admin/schedules/01a20c82-f652-70cb-b620-ec7387862ca1",
  "/admin/schedules?q=../%2e%2e//",
  "/admin/schedules/a%2fb",
  "/admin/schedules/%252e%252e",
  "/admin/schedules/...",
  "/admin/schedules/a..b",
  "/_next/static/%5Bid%5D.js",
  "http://a.example/admin/schedules",
])("%s is plain: URL parsers do not change its path", (target) => {
  expect(isPlainAddress(target)).toBe(true);
});

it.each([
  "/admin/schedules/..",
  "/admin/schedules/%2e%2e",
  "/admin/schedules/%2E%2e/bulk",
  "/admin/schedules/.%2e",
  "/admin/schedules/%2e",
  "/admin/schedules/./x",
  "/login/../admin/schedules",
  "/x/..\\admin\\schedules",
  "/admin/schedules\\x",
  "/admin//schedules",
  "/admin/schedules//execute",
  "/api//trpc",
  "/admin/schedules/%ff",
  "/admin/schedules/%",
  "/admin/schedules/%ed%a0%80",
  "http://a.example/admin/%2e%2e/schedules",
])("%s is not plain", (target) => {
  expect(isPlainAddress(target)).toBe(false);
});
