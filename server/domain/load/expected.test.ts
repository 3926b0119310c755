import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveTime } from "../jitter";
import { occurrences, type RecurrenceSpec } from "../recurrence";
import { expectedFirings, runsLeftAt, withinRuns } from "./expected";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 23:00 in Berlin, so minute 62 of a range is 00:02. The clocks go forward three hours later. */
const FROM_MS = Date.parse("2026-03-28T22:00Z");

const specOf = (cronExpression: string, over: Partial<RecurrenceSpec> = {}): RecurrenceSpec => ({
  cronExpression,
  timezone: "Europe/Berlin",
  dstGap: "first_valid",
  dstOverlap: "first",
  ...over,
});

function minutesOf(spec: RecurrenceSpec, jitterSeconds: number, hours: number): number[] {
  const minutes = Array<number>(hours * 60).fill(0);
  expectedFirings({ spec, jitterSeconds }, { fromMs: FROM_MS, toMs: FROM_MS + hours * HOUR_MS }, (minute, firings) => {
    minutes[minute] = (minutes[minute] as number) + firings;
  });
  return minutes;
}

/** Computes the same sums one occurrence at a time, each spread from its nominal time to the end of its jitter. */
function oneByOne(spec: RecurrenceSpec, jitterSeconds: number, hours: number): number[] {
  const minutes = Array<number>(hours * 60).fill(0);
  const jitterMs = jitterSeconds * 1000;
  const toMs = FROM_MS + hours * HOUR_MS;
  const found = occurrences(spec, { afterMs: FROM_MS - jitterMs - 1, untilMs: toMs + 25 * HOUR_MS, limit: 1e6 });
  found.forEach(({ nominalMs }, i) => {
    const windowMs = Math.min(jitterMs, (found[i + 1]?.nominalMs ?? Number.POSITIVE_INFINITY) - nominalMs);
    minutes.forEach((_, minute) => {
      const startMs = FROM_MS + minute * MINUTE_MS;
      const fraction =
        windowMs === 0
          ? Number(nominalMs >= startMs && nominalMs < startMs + MINUTE_MS)
          : (Math.min(startMs + MINUTE_MS, nominalMs + windowMs) - Math.max(startMs, nominalMs)) / windowMs;
      minutes[minute] = (minutes[minute] as number) + Math.max(0, fraction);
    });
  });
  return minutes;
}

describe("expectedFirings", () => {
  it.each([
    ["without jitter an occurrence counts in its minute", "2 0 * * *", 0, [[62, 1]]],
    [
      "with jitter of two minutes an occurrence counts half in each of the two",
      "2 0 * * *",
      120,
      [
        [62, 0.5],
        [63, 0.5],
      ],
    ],
    [
      "with jitter that begins within a minute, the rest of that minute counts",
      "30 2 0 * * *",
      60,
      [
        [62, 0.5],
        [63, 0.5],
      ],
    ],
    ["an occurrence before the range reaches into it by its jitter", "59 22 * * *", 120, [[0, 0.5]]],
    ["jitter never reaches the next occurrence", "2,3 0 * * *", 3600, [[62, 1]]],
  ] as const)("%s", (_, cron, jitterSeconds, expected) => {
    const minutes = minutesOf(specOf(cron), jitterSeconds, 2);
    for (const [minute, firings] of expected) expect(minutes[minute]).toBeCloseTo(firings, 9);
  });

  it("equals the enumeration of each occurrence, with and without jitter", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("*/5 * * * *", "30 2 * * *", "0 0 * * *", "*/20 * * * * *", "0,30 15 * * * *", "7 1-4 * * *"),
        fc.constantFrom("Europe/Berlin", "UTC", "America/New_York"),
        fc.constantFrom("first_valid" as const, "skip" as const, "shift" as const),
        fc.constantFrom(0, 1, 25, 59, 60, 90, 600, 7200, 86_400),
        (cron, timezone, dstGap, jitterSeconds) => {
          const spec = specOf(cron, { timezone, dstGap });
          const [fast, slow] = [minutesOf(spec, jitterSeconds, 5), oneByOne(spec, jitterSeconds, 5)];
          const differing = slow.findIndex((firings, minute) => Math.abs(firings - (fast[minute] as number)) > 1e-6);
          expect([differing, fast[differing]]).toEqual([-1, undefined]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("equals the mean number of effective times per minute that the worker's jitter gives many schedules", () => {
    const spec = specOf("2 0 * * *");
    const [nominal] = occurrences(spec, { afterMs: FROM_MS, limit: 1 });
    const nominalMs = nominal?.nominalMs ?? 0;
    const counts = Array<number>(240).fill(0);
    const many = 20_000;
    for (let n = 0; n < many; n++) {
      const occurrence = { scheduleId: `schedule-${n}`, nominalMs, jitterSeconds: 600, nextNominalMs: null };
      const minute = Math.floor((effectiveTime(occurrence) - FROM_MS) / MINUTE_MS);
      counts[minute] = (counts[minute] as number) + 1;
    }
    const expected = minutesOf(spec, 600, 4).map((fraction) => fraction * many);
    expected.forEach((firings, minute) => {
      // Ten minutes of 2,000 each; four standard deviations are about 170.
      expect(Math.abs(firings - (counts[minute] as number)), `minute ${minute}`).toBeLessThan(200);
    });
  });
});

describe("runs that max_runs leaves", () => {
  const nowMs = Date.parse("2026-06-01T00:00:30Z");
  const range = { nowMs, untilMs: nowMs + 24 * HOUR_MS };

  it.each([
    ["no limit keeps the spec", "* * * * *", null, null],
    ["with three runs left, the third is the last", "* * * * *", 3, "2026-06-01T00:03:00.000Z"],
    ["the last run may be at any second of a minute", "*/10 * * * * *", 5, "2026-06-01T00:01:10.000Z"],
    ["with no runs left, the spec ends before now", "* * * * *", 0, "2026-06-01T00:00:29.999Z"],
    ["a limit that is reached after the range has no effect", "0 * * * *", 1000, null],
  ])("%s", (_, cron, runsLeft, expected) => {
    const { endAt } = withinRuns(specOf(cron, { timezone: "UTC" }), { runsLeft, ...range });
    expect(endAt === undefined || endAt === null ? null : new Date(endAt).toISOString()).toBe(expected);
  });

  it("are fewer at a later time, by the occurrences before that time", () => {
    const spec = specOf("*/10 * * * *", { timezone: "UTC" });
    const atMs = nowMs + HOUR_MS;
    expect(runsLeftAt(spec, { runsLeft: 10, nowMs, atMs })).toBe(4);
    expect(runsLeftAt(spec, { runsLeft: 3, nowMs, atMs })).toBe(0);
    expect(runsLeftAt(spec, { runsLeft: null, nowMs, atMs })).toBeNull();
  });
});
