import { CronExpressionParser } from "cron-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesWall, nextWallMs } from "./candidates";
import { parseCron } from "./parse";

const numbers = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(","));
const field = (min: number, max: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant("*") },
    { weight: 3, arbitrary: numbers(min, max) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max }).map((step) => `*/${step}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    },
  );
const dayOfMonth = fc.oneof(field(1, 31), fc.constantFrom("L", "1,L", "?", "29", "31"));
const dayOfWeek = fc.oneof(field(0, 6), fc.constantFrom("5L", "1,5L", "1#2", "SUN#5", "MON-FRI", "?", "7"));
const cron = fc
  .tuple(field(0, 59), field(0, 59), field(0, 23), dayOfMonth, field(1, 12), dayOfWeek)
  .map((fields) => fields.join(" "));

describe("nextWallMs", () => {
  it("matches cron-parser in UTC for every expression that both accept", () => {
    fc.assert(
      fc.property(
        cron,
        fc.date({ min: new Date("1999-12-01T00:00Z"), max: new Date("2101-01-01T00:00Z"), noInvalidDate: true }),
        (expression, from) => {
          // cron-parser accepts "?" in both day fields.
          fc.pre(!/\? \S+ \?$/.test(expression));
          let parsed: ReturnType<typeof parseCron>;
          try {
            parsed = parseCron(expression);
          } catch {
            // Days that no month has: both parsers refuse.
            expect(() => CronExpressionParser.parse(expression)).toThrow();
            return;
          }
          const theirs = CronExpressionParser.parse(expression, { tz: "UTC", currentDate: from })
            .take(4)
            .map((date) => date.getTime());
          const ours: number[] = [];
          let at: number | null = from.getTime();
          while (ours.length < theirs.length) {
            at = nextWallMs(parsed, at);
            if (at === null) break;
            ours.push(at);
          }
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 800 },
    );
  });

  it("finds dates after 2100, which is no leap year", () => {
    expect(nextWallMs(parseCron("0 0 29 2 *"), Date.parse("2096-02-29T00:00Z"))).toBe(Date.parse("2104-02-29T00:00Z"));
  });

  it("works before 1970", () => {
    expect(nextWallMs(parseCron("0 0 1 3 *"), Date.parse("1900-02-28T12:00Z"))).toBe(Date.parse("1900-03-01T00:00Z"));
  });

  it("returns null if nothing matches before the year 10000", () => {
    expect(nextWallMs(parseCron("0 0 29 2 *"), Date.parse("9996-03-01T00:00Z"))).toBeNull();
  });
});

it("matchesWall matches only the exact second", () => {
  const at = Date.parse("2026-01-05T09:00Z");
  expect(matchesWall(parseCron("0 9 * * MON"), at)).toBe(true);
  expect(matchesWall(parseCron("0 9 * * MON"), at + 1000)).toBe(false);
});
