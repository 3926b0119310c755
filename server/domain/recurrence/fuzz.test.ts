/**
 * A text as a cron is either refused with an error that names the field, or can be shown on every page. In
 * superset#42486 a stored `?` in the minute made every list fail with a 500.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCron } from "./describe";
import { nextOccurrence } from "./next";
import { CronError, parseCron } from "./parse";
import { previewOccurrences } from "./preview";
import { validateCron } from "./validate";

const NOW = Date.parse("2026-12-01T00:00Z");
const TOKENS = [
  ..."0123456789*/,-?LWH#@ \t\n",
  ...["MON", "sun", "Fri", "JAN", "dec", "*/5", "1-5", "22-4", "0,7", "5L", "1#2", "LW", "15W", "H(0-9)", "L-3"],
  ...[
    "?",
    "??",
    "007",
    "-1",
    "1.5",
    "*/0",
    "*/99999999999999999999",
    "1e3",
    "0x1",
    "NaN",
    "٣",
    "５",
    "\u00a0",
    "\u0000",
  ],
  ...["\ud800", "💥", "@daily", "# nightly", "constructor", "__proto__", "%", "~", "+", "()"],
];
const token = fc.constantFrom(...TOKENS);
const field = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom("*", "*", "*", "*", "0", "5", "1-5", "*/7", "1,15", "?", "L", "MON", "JAN-MAR", "3-9/2"),
  },
  { weight: 2, arbitrary: fc.array(token, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")) },
);
const expression = fc.oneof(
  { weight: 4, arbitrary: fc.array(field, { minLength: 5, maxLength: 6 }).map((fields) => fields.join(" ")) },
  { weight: 1, arbitrary: fc.array(token, { maxLength: 30 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
);

describe("any text as a cron", () => {
  it("is refused with its field named, or can be planned, described and previewed", () => {
    let accepted = 0;
    fc.assert(
      fc.property(expression, (text) => {
        try {
          parseCron(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CronError);
          expect((error as CronError).faults?.[0]?.field).toBe("cron_expression");
          expect((error as CronError).message.length).toBeGreaterThan(5);
          return;
        }
        accepted += 1;
        const verdict = validateCron({ expression: text, timezone: "America/Vancouver", now: NOW });
        const spec = {
          cronExpression: text,
          timezone: "America/Vancouver",
          dstGap: "first_valid",
          dstOverlap: "first",
        } as const;
        const next = nextOccurrence(spec, NOW);
        expect(next !== null).toBe(verdict.ok);
        expect(describeCron(text, "UTC").text).toMatch(/^[AE]/);
        expect(previewOccurrences({ spec, fromMs: NOW, count: 3, jitterSeconds: 60 }).description).not.toBe("");
      }),
      { numRuns: 4000 },
    );
    // If few texts are valid crons, the property is tested only for refused texts.
    expect(accepted).toBeGreaterThan(100);
  });

  it.each([
    ["? * * * *", 'minute: "?": "?" is allowed in day fields only'],
    ["0 ? * * *", 'hour: "?"'],
    ["0 0 * ? *", 'month: "?"'],
    ["? 0 0 * * *", 'second: "?"'],
    ["0 0 ? * ?", "in one of the day fields only"],
    ["0 0 ?/2 * *", '"?" cannot be combined'],
    ["0 0 1,? * *", '"?" cannot be combined'],
    ["0 0 15W * *", "W (nearest weekday) is not supported"],
    ["0 0 LW * *", "W (nearest weekday) is not supported"],
    ["0 0 L-3 * *", "nothing may follow it"],
    ["1,,2 * * * *", "an empty item"],
    [",1 * * * *", "an empty item"],
    ["MON * * * *", 'minute: "MON": "MON" is not a number'],
    ["0 0 * MON *", 'month: "MON": "MON" is not a number or a name such as JAN'],
    ["0 0 * * JAN", 'day of week: "JAN": "JAN" is not a number or a name such as SUN'],
    ["007 * * * *", "too many digits"],
    ["*/1000 * * * *", "the step 1000 is out of range"],
    ["*/00 * * * *", "the step 00 is out of range"],
    ["*/ * * * *", 'the step "" is not a whole number'],
    ["*/2/3 * * * *", "not a whole number"],
    ["٣ * * * *", "U+0663"],
    ["５ * * * *", "U+FF15"],
    ["0\u00a00 * * *", "U+00A0"],
    ["0 0 * *\n*", "U+000A"],
    ["0 0 * * * # nightly", "has a comment"],
    ["-5 * * * *", "a value is missing"],
    ["1-2-3 * * * *", "a range has two ends"],
    ["*-5 * * * *", '"*" is not a number'],
    ["0 0 * * 1#0", "needs 1 to 5"],
    ["0 0 * * 1#2#3", "needs 1 to 5"],
  ])("%j is refused: %s", (text, message) => {
    expect(() => parseCron(text)).toThrow(message);
  });
});

describe("the message says what to write instead", () => {
  it.each([
    ["0 22-4 * * *", "the range ends before it starts; write 22-23,0-4"],
    ["50-10 * * * *", "write 50-59,0-10"],
    ["0 0 * NOV-FEB *", "write 11-12,1-2"],
    ["0 0 28-2 * *", "write 28-31,1-2"],
    ["0 0 * * FRI-MON", "write 5-6,0-1"],
    ["0 22-4/2 * * *", "write 22,0,2,4"],
    ["59-0 * * * *", "write 59,0"],
    ["0 0 * * MON#1,MON#3", '"MON#1" cannot be part of a list: make a schedule for each weekday'],
    ["0 0 * * 1-5#2", "# needs one weekday before it"],
  ])("%s: %s", (text, message) => {
    expect(() => parseCron(text)).toThrow(message);
  });

  it("in an expression that parseCron accepts", () => {
    const small = fc.integer({ min: 0, max: 23 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 9 }), (from, until, step) => {
        fc.pre(until < from);
        const text = `0 ${from}-${until}${step > 1 ? `/${step}` : ""} * * *`;
        const refused = (() => {
          try {
            parseCron(text);
            return null;
          } catch (error) {
            return (error as CronError).message;
          }
        })();
        const proposed = /write (\S+)$/.exec(refused ?? "")?.[1];
        const meant: number[] = [];
        for (let hour = from; hour <= until + 24; hour += step) meant.push(hour % 24);
        expect(parseCron(`0 ${proposed} * * *`).hours).toEqual(meant.sort((a, b) => a - b));
      }),
    );
  });
});

describe("a list is the union of its items (POSIX), and letter case does not matter", () => {
  it.each([
    ["0 0 * * 0,7", "0 0 * * 0"],
    ["*/15,30 * * * *", "0,15,30,45 * * * *"],
    ["1,1 * * * *", "1 * * * *"],
    ["1-10,5-15 * * * *", "1-15 * * * *"],
    ["0 0 1,1-3,L,l * *", "0 0 1-3,L * *"],
    ["0 0 * * 5L,5l", "0 0 * * 5L"],
    ["0 0 * 1,JAN *", "0 0 * 1 *"],
    ["0 0 * * MON-SUN", "0 0 * * 1-7"],
    ["0 0 * * sat-sun", "0 0 * * 6,0"],
    ["0 0 * * SUN-TUE", "0 0 * * 0-2"],
    ["0 0 l * *", "0 0 L * *"],
    ["0 0 * * 5l", "0 0 * * FRIL"],
    ["0 0 * jan-mar mon", "0 0 * 1-3 1"],
    ["05 08 * * *", "5 8 * * *"],
  ])("%s matches the same times as %s", (text, equal) => {
    const { normalised: _a, raw: _b, ...ours } = parseCron(text);
    const { normalised: _c, raw: _d, ...theirs } = parseCron(equal);
    // The kinds may differ: a step makes an interval job, and the equal list does not.
    expect({ ...ours, kind: "" }).toEqual({ ...theirs, kind: "" });
  });
});
