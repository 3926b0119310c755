import { describe, expect, it } from "vitest";
import { fromWallInput, parseRange, resolveRange, serializeRange, toWallInput } from "./time-range";

const at = (iso: string) => Date.parse(iso);

describe("parseRange", () => {
  it.each([
    ["a preset", "24h", { preset: "24h" }],
    [
      "two instants",
      "2026-11-24T03:00:00.000Z/2026-11-24T04:00:00.000Z",
      { from: at("2026-11-24T03:00Z"), to: at("2026-11-24T04:00Z") },
    ],
    ["an unknown preset", "2h", null],
    ["a name of Object's prototype", "toString", null],
    ["a reversed range", "2026-11-24T04:00:00Z/2026-11-24T03:00:00Z", null],
    ["an empty range", "2026-11-24T04:00:00Z/2026-11-24T04:00:00Z", null],
    ["one instant", "2026-11-24T04:00:00Z", null],
    ["three instants", "2026-11-24T01:00Z/2026-11-24T02:00Z/2026-11-24T03:00Z", null],
    ["nothing", "", null],
  ])("reads %s", (_, text, expected) => {
    expect(parseRange(text)).toEqual(expected);
  });

  it.each(["15m", "30d", "2026-11-24T03:00:00.000Z/2026-11-24T04:00:00.000Z"])("round-trips %s", (text) => {
    const range = parseRange(text);
    expect(range && serializeRange(range)).toBe(text);
  });
});

it("resolveRange ends a preset now and returns a fixed range unchanged", () => {
  expect(resolveRange({ preset: "1h" }, 10_000_000)).toEqual({ from: 6_400_000, to: 10_000_000 });
  expect(resolveRange({ from: 1, to: 2 }, 10_000_000)).toEqual({ from: 1, to: 2 });
});

describe("the text of a time field", () => {
  it.each([
    ["a plain time", "2026-11-24T03:15", "Europe/Berlin", "2026-11-24T02:15Z"],
    ["a time in a zone with a half-hour offset", "2026-11-24T03:15", "Asia/Kolkata", "2026-11-23T21:45Z"],
    ["the first 02:30 of an overlap", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z"],
    ["a time in a gap, moved by the length of the gap", "2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30Z"],
    ["a time just after a gap", "2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00Z"],
    ["the first 01:45 of an overlap of half an hour", "2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45Z"],
    ["a time west of Greenwich", "2026-07-01T23:59", "America/New_York", "2026-07-02T03:59Z"],
  ])("is read as %s", (_, text, zone, expected) => {
    expect(fromWallInput(text, zone)).toBe(at(expected));
  });

  it.each(["", "yesterday", "2026-13-40T00:00", "2026-11-24"])("is refused if it is %j", (text) => {
    expect(fromWallInput(text, "UTC")).toBeNull();
  });

  it("shows an instant in the zone, without its seconds", () => {
    expect(toWallInput(at("2026-01-05T22:07:59Z"), "Asia/Kathmandu")).toBe("2026-01-06 03:52");
  });
});
