import { expect, it } from "vitest";
import { weekHours } from "./week-hours";

it.each([
  ["Sunday 23:00 to Monday 01:00", "2026-11-29T23:00:00Z", "2026-11-30T01:00:00Z", "UTC", [6 * 24 + 23, 0]],
  ["a part of an hour", "2026-11-30T10:50:00Z", "2026-11-30T11:10:00Z", "UTC", [10, 11]],
  ["a range that ends just after an hour began", "2026-11-30T10:50:00Z", "2026-11-30T11:01:00Z", "UTC", [10, 11]],
  ["a range that ends when an hour begins", "2026-11-30T10:50:00Z", "2026-11-30T11:00:00Z", "UTC", [10]],
  ["an hour on the clock of Kolkata", "2026-11-30T00:00:00Z", "2026-11-30T01:00:00Z", "Asia/Kolkata", [5, 6]],
  ["an empty range", "2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z", "UTC", []],
])("weekHours returns the hours of %s", (_, from, to, zone, hours) => {
  expect([...weekHours({ from, to, zone })]).toEqual(hours);
});

it("weekHours returns all 168 hours of a week", () => {
  const week = { from: "2026-11-22T17:31:00Z", to: "2026-11-29T17:31:00Z", zone: "Europe/Berlin" };
  expect(weekHours(week).size).toBe(168);
});
