import { describe, expect, it } from "vitest";
import { instantOfWall, resolveWall, wallOf } from "./wall-clock";

describe("a wall time in a zone", () => {
  it.each([
    ["names one instant", "2026-07-01T09:00", "Europe/Berlin", { kind: "exact", instant: "2026-07-01T07:00:00.000Z" }],
    ["keeps its seconds", "2026-07-01T09:00:30", "UTC", { kind: "exact", instant: "2026-07-01T09:00:30.000Z" }],
    [
      "in a gap offers the time before and after the jump",
      "2026-03-29T02:30",
      "Europe/Berlin",
      { kind: "gap", earlier: "2026-03-29T00:30:00.000Z", later: "2026-03-29T01:30:00.000Z" },
    ],
    [
      "in an overlap offers both times",
      "2026-10-25T02:30",
      "Europe/Berlin",
      { kind: "overlap", earlier: "2026-10-25T00:30:00.000Z", later: "2026-10-25T01:30:00.000Z" },
    ],
    ["is invalid if there is no such day", "2026-02-30T02:30", "UTC", { kind: "invalid" }],
    ["is invalid when empty", "", "UTC", { kind: "invalid" }],
    ["is invalid in an unknown zone", "2026-07-01T09:00", "Mars/Olympus", { kind: "invalid" }],
  ])("%s", (_name, wall, zone, expected) => {
    expect(resolveWall(wall, zone)).toEqual(expected);
  });

  it.each([
    ["that exists once", "2026-07-01T09:00", "2026-07-01T07:00:00.000Z"],
    ["in a gap", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z"],
    ["in an overlap", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
    ["with a year of five digits", "20266-07-01T09:00", null],
  ])("%s is resolved: %s is the instant %s", (_name, wall, instant) => {
    expect(instantOfWall(wall, "Europe/Berlin")).toBe(instant);
  });

  it.each([
    ["2026-07-01T07:00:00.000Z", "Europe/Berlin", "2026-07-01T09:00"],
    ["2026-07-01T07:00:05.000Z", "Asia/Kolkata", "2026-07-01T12:30:05"],
  ])("of the instant %s in %s is %s", (instant, zone, wall) => {
    expect(wallOf(instant, zone)).toBe(wall);
  });
});
