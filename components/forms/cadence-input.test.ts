import { expect, it } from "vitest";
import { afterStart } from "./cadence-input";

const NOW = Date.parse("2027-01-01T00:00:00Z");

it.each([
  ["just before a start in the future", "2027-01-03T00:00:00.000Z", "2027-01-02T23:59:59.999Z"],
  ["now, after a start in the past", "2026-12-01T00:00:00.000Z", undefined],
  ["now, without a start", null, undefined],
])("a preview begins %s", (_, startAt, from) => {
  expect(afterStart(startAt, NOW)).toBe(from);
});
