import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachMinute } from "./minutes";
import { occurrences } from "./next";
import type { RecurrenceSpec } from "./spec";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Clock changes of an hour and of half an hour in both directions, a skipped day, an offset with seconds, and a zone
 * without clock changes.
 */
const PLACES: readonly [timezone: string, around: string][] = [
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["America/New_York", "2026-03-08T07:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["Africa/Casablanca", "2026-02-15T02:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00Z"],
  ["Africa/Monrovia", "1972-01-07T00:44Z"],
  ["Asia/Kathmandu", "2026-01-01T00:00Z"],
  ["UTC", "2028-02-29T00:00Z"],
];

const CRONS = [
  "* * * * *",
  "*/7 * * * *",
  "30 2 * * *",
  "0 0 * * *",
  "15,45 1-3 * * *",
  "0 9 * * 1-5",
  "0 12 L * *",
  "5 * 29 2 *",
  "*/10 * * * * *",
  "0,1,59 30 2 * * *",
  "* 59 1 * * *",
];

/** The counts by minute that result from `occurrences`, which the worker uses. */
function oneByOne(spec: RecurrenceSpec, span: { fromMs: number; untilMs: number }): [number, number][] {
  const counts = new Map<number, number>();
  const range = { afterMs: span.fromMs - 1, untilMs: span.untilMs, limit: Number.POSITIVE_INFINITY };
  for (const { nominalMs } of occurrences(spec, range)) {
    const minuteMs = Math.floor(nominalMs / MINUTE_MS) * MINUTE_MS;
    counts.set(minuteMs, (counts.get(minuteMs) ?? 0) + 1);
  }
  return [...counts];
}

function byMinute(spec: RecurrenceSpec, span: { fromMs: number; untilMs: number }) {
  const counts: [number, number][] = [];
  const times: number[] = [];
  eachMinute(spec, span, (minuteMs, count, firstMs, lastMs) => {
    counts.push([minuteMs, count]);
    times.push(firstMs, lastMs);
  });
  return { counts, times };
}

const DAYS = 30;

describe("eachMinute", () => {
  it("counts in each minute the occurrences that the worker's search finds, also around clock changes", () => {
    const offset = fc.integer({ min: -30 * 3600, max: 30 * 3600 });
    fc.assert(
      fc.property(
        fc.constantFrom(...PLACES),
        fc.constantFrom(...CRONS),
        fc.constantFrom("first_valid" as const, "skip" as const, "shift" as const),
        fc.constantFrom("first" as const, "second" as const, "both" as const),
        offset,
        fc.integer({ min: 1, max: 30 * 3600 }),
        fc.option(offset),
        fc.option(offset),
        ([timezone, around], cronExpression, dstGap, dstOverlap, from, length, start, end) => {
          const centreMs = Date.parse(around);
          const at = (seconds: number | null) => (seconds === null ? null : centreMs + seconds * 1000);
          const spec = { cronExpression, timezone, dstGap, dstOverlap, startAt: at(start), endAt: at(end) };
          const span = { fromMs: centreMs + from * 1000, untilMs: centreMs + (from + length) * 1000 };
          const { counts, times } = byMinute(spec, span);
          expect(counts).toEqual(oneByOne(spec, span));
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("visits each minute once for a cron that fires every second", () => {
    const spec = {
      cronExpression: "* * * * * *",
      timezone: "UTC",
      dstGap: "first_valid",
      dstOverlap: "first",
    } as const;
    const fromMs = Date.parse("2026-06-01T00:00Z");
    let [minutes, firings] = [0, 0];
    eachMinute(spec, { fromMs, untilMs: fromMs + DAYS * 24 * HOUR_MS - 1 }, (_, count) => {
      minutes += 1;
      firings += count;
    });
    expect([minutes, firings]).toEqual([DAYS * 24 * 60, DAYS * 86_400]);
  });
});
