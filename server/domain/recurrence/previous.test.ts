import { describe, expect, it } from "vitest";
import { occurrences } from "./next";
import { previousOccurrence } from "./previous";

const spec = (cronExpression: string, over: object = {}) => ({
  cronExpression,
  timezone: "Europe/Berlin",
  dstGap: "first_valid" as const,
  dstOverlap: "first" as const,
  ...over,
});
const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
const before = (cron: string, at: string, over: object = {}) =>
  iso(previousOccurrence(spec(cron, over), Date.parse(at))?.nominalMs);

describe("the last occurrence before a time", () => {
  it.each([
    ["is strictly before that time", "0 8 * * *", "2026-11-27T07:00:00Z", "2026-11-26T07:00:00.000Z"],
    ["may be a millisecond before that time", "0 8 * * *", "2026-11-27T07:00:00.001Z", "2026-11-27T07:00:00.000Z"],
    [
      "is found for a cron of every second of one day a month",
      "* * * 1 * *",
      "2026-11-27T07:00:00Z",
      "2026-11-01T22:59:59.000Z",
    ],
    ["is found years back", "0 0 29 2 *", "2027-11-27T07:00:00Z", "2024-02-28T23:00:00.000Z"],
    ["is moved out of a gap", "30 2 * * *", "2026-03-29T05:00:00Z", "2026-03-29T01:00:00.000Z"],
  ])("%s", (_, cron, at, expected) => {
    expect(before(cron, at)).toBe(expected);
  });

  it("is null if the only earlier occurrence is before the start", () => {
    const startAt = Date.parse("2026-11-27T00:00:00Z");
    expect(previousOccurrence(spec("0 8 * * *", { startAt }), startAt + 1000)).toBeNull();
  });

  it("equals the last occurrence of a forward search around a clock change", () => {
    const fromMs = Date.parse("2026-10-24T00:00:00Z");
    for (const cron of ["*/7 * * * *", "30 2 * * *", "15,45 1-3 * * *"]) {
      for (const dstOverlap of ["first", "second", "both"]) {
        const recurrence = spec(cron, { dstOverlap });
        for (let hour = 12; hour < 60; hour++) {
          const beforeMs = fromMs + hour * 3_600_000 + 1;
          const forward = occurrences(recurrence, {
            afterMs: fromMs - 86_400_000,
            untilMs: beforeMs - 1,
            limit: 10_000,
          });
          expect(previousOccurrence(recurrence, beforeMs)).toEqual(forward.at(-1));
        }
      }
    }
  });
});
