import { describe, expect, it } from "vitest";
import { EARLIEST_MS, LATEST_MS, readInstant } from "./instant";

const at = (text: string) => ({ ms: Date.parse(text) });

describe("an instant", () => {
  it.each<[string | number, { ms: number }]>([
    [1_811_844_000, at("2027-06-01T10:00:00Z")],
    [1_811_844_000.5, at("2027-06-01T10:00:00.500Z")],
    [1_811_844_000_000, at("2027-06-01T10:00:00Z")],
    ["2027-06-01T10:00:00Z", at("2027-06-01T10:00:00Z")],
    ["2027-06-01T12:00:00+02:00", at("2027-06-01T10:00:00Z")],
    ["1900-01-02T00:00:00Z", { ms: EARLIEST_MS }],
    ["2299-12-30T00:00:00Z", { ms: LATEST_MS }],
    [LATEST_MS, { ms: LATEST_MS }],
  ])("may be given as %s", (value, expected) => {
    expect(readInstant(value)).toEqual(expected);
  });

  it.each<[string | number, RegExp]>([
    [
      1_811_844_000_000_000_000,
      /looks like an epoch in nanoseconds.*seconds or milliseconds.*1900-01-02 to 2299-12-30/,
    ],
    [1_811_844_000_000_000, /looks like an epoch in microseconds/],
    [1e300, /out of range; must be/],
    [Number.POSITIVE_INFINITY, /out of range/],
    [Number.NaN, /must be an ISO 8601 time/],
    [0, /must be an ISO 8601 time/],
    [-1, /must be an ISO 8601 time/],
    [LATEST_MS + 1, /out of range/],
    ["9999-12-31T23:59:59Z", /9999-12-31T23:59:59Z is out of range; must be within 1900-01-02 to 2299-12-30/],
    ["2299-12-30T00:00:00.001Z", /out of range/],
    ["1899-12-31T00:00:00Z", /out of range/],
    ["0001-01-01T00:00:00Z", /out of range/],
    ["2027-06-01T10:00:00+0200", /colon in its offset; write 2027-06-01T10:00:00\+02:00/],
    ["2027-06-01T10:00:00", /offset; write 2027-06-01T10:00:00Z/],
    ["2027-02-30T10:00:00Z", /must be an ISO 8601 time/],
    ["tomorrow", /must be an ISO 8601 time/],
    ["\ud800", /must be an ISO 8601 time/],
  ])("may not be %s", (value, expected) => {
    const read = readInstant(value);
    expect("fault" in read && read.fault).toMatch(expected);
  });
});
