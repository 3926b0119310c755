import { expect, it } from "vitest";
import { hasClockChanges } from "./zone-changes";

it.each([
  ["UTC", false],
  ["Asia/Kolkata", false],
  ["America/Sao_Paulo", false],
  ["Europe/Berlin", true],
  ["Australia/Lord_Howe", true],
  ["Africa/Cairo", true],
])("hasClockChanges of %s is %s", (zone, expected) => {
  expect(hasClockChanges(zone, Date.parse("2026-12-01T00:00:00Z"))).toBe(expected);
});
