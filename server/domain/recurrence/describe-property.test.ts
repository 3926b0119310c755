/* Parses the sentence that `describeCron` returns, and compares the result with the times at which the cron fires. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCron } from "./describe";
import { occurrences } from "./next";
import { parseCron } from "./parse";

const DAY_MS = 86_400_000;
const MONTHS = "January February March April May June July August September October November December".split(" ");
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const ORDINALS = ["", "first", "second", "third", "fourth", "fifth"];

/** Parses "1, 3, 5, …, 31", "2 through 9" and "1, 4 and 7". `toNumber` converts one value. */
function numbersOf(text: string, toNumber: (word: string) => number): number[] {
  const range = /^(\S+) through (\S+)$/.exec(text);
  if (range) return steps(toNumber(range[1] as string), 1, toNumber(range[2] as string));
  const words = text.split(/, | and /).map((word) => word.trim());
  if (!words.includes("…")) return words.map(toNumber);
  const [first, second] = [toNumber(words[0] as string), toNumber(words[1] as string)];
  return steps(first, second - first, toNumber(words.at(-1) as string));
}

function steps(from: number, step: number, until: number): number[] {
  const found: number[] = [];
  for (let value = from; value <= until; value += step) found.push(value);
  return found;
}

const all = (size: number, from = 0) => Array.from({ length: size }, (_, i) => from + i);
const every = (size: number, step: number) => steps(0, step, size - 1);
const daysAfterMonday = (word: string) => (WEEKDAYS.indexOf(word) + 6) % 7;

interface Described {
  second: number[];
  minute: number[];
  hour: number[];
  times: string[] | null;
  day: (date: Date) => boolean;
}

function dayMatcher(text: string): (date: Date) => boolean {
  if (text === "") return () => true;
  const parts = text.split(" or ").map((part): ((date: Date) => boolean) => {
    const nth = /^on the (\w+) (\w+day) of the month$/.exec(part);
    if (nth && nth[1] !== "last" && nth[2] !== "day") {
      const [, which = "", weekday = ""] = nth;
      return (date) =>
        WEEKDAYS[date.getUTCDay()] === weekday && Math.ceil(date.getUTCDate() / 7) === ORDINALS.indexOf(which);
    }
    const isLastOf = (date: Date, days: number) =>
      new Date(date.getTime() + days * DAY_MS).getUTCMonth() !== date.getUTCMonth();
    if (/^on the last \w+day of|^on the last \w+day(, | and )the last/.test(part)) {
      const names = [...part.matchAll(/the last (\w+day)/g)].map((match) => match[1]);
      return (date) => names.includes(WEEKDAYS[date.getUTCDay()]) && isLastOf(date, 7);
    }
    const month = /^on (?:days? (.*?))?(?: and )?(the last day)? ?of the month$/.exec(part);
    if (month) {
      const days = month[1] === undefined ? [] : numbersOf(month[1], Number);
      return (date) => days.includes(date.getUTCDate()) || (month[2] !== undefined && isLastOf(date, 1));
    }
    const days = numbersOf(part.replace(/^on /, ""), daysAfterMonday);
    return (date) => days.includes((date.getUTCDay() + 6) % 7);
  });
  return (date) => parts.some((part) => part(date));
}

/** Parses the sentence without its zone. */
function read(sentence: string): Described {
  let rest = sentence;
  const take = (pattern: RegExp) => {
    const match = pattern.exec(rest);
    if (match) rest = rest.replace(pattern, "");
    return match;
  };
  const inMonths = take(/(?:^|, )in ((?:January|February|March|April|May|June|July|August|Sept|Octo|Nov|Dec).*)$/);
  // "Every Sunday at 09:00" is read as "At 09:00, on Sunday".
  const [, ofMonth, subject = "", times] = /^Every (month on )?(?!day at )(.*?) at (\d\d:.*)$/.exec(rest) ?? [];
  if (times !== undefined) {
    rest = `At ${times}, ${subject.includes(" through ") && !ofMonth ? "" : "on "}${subject}${ofMonth ? " of the month" : ""}`;
  }
  const days = take(/, ((?:on .*)|(?:\w+day through \w+day))$/);
  const described: Described = { second: [0], minute: all(60), hour: all(24), times: null, day: () => true };
  const hours = take(/, in hours? (.*)$/);
  if (hours) described.hour = numbersOf(hours[1] as string, Number);
  const second = take(/, at second (\d+)$/);
  if (second) described.second = [Number(second[1])];
  const minutes = take(/ of minutes? (.*)$/);
  if (minutes) described.minute = numbersOf(minutes[1] as string, Number);
  const captured = (pattern: RegExp) => pattern.exec(rest)?.[1];
  const beginnings: [pattern: RegExp, apply: (words: string) => void][] = [
    [/^Every (second)$/, () => (described.second = all(60))],
    [/^Every (\d+) seconds$/, (words) => (described.second = every(60, Number(words)))],
    [/^At seconds (.*)$/, (words) => (described.second = numbersOf(words, Number))],
    [/^Every (minute)$/, () => (described.minute = all(60))],
    [/^Every (\d+) minutes$/, (words) => (described.minute = every(60, Number(words)))],
    [/^At minutes? (.*) of each hour$/, (words) => (described.minute = numbersOf(words, Number))],
    [/^Every (hour)$/, () => (described.minute = [0])],
    [/^Every (\d+) hours$/, (words) => Object.assign(described, { minute: [0], hour: every(24, Number(words)) })],
    // Fixed times are said to be daily exactly if no days are named.
    [days ? /^At (\d\d:.*)$/ : /^Every day at (\d\d:.*)$/, (words) => (described.times = words.split(/, | and /))],
  ];
  const beginning = beginnings.find(([pattern]) => captured(pattern) !== undefined);
  if (!beginning) throw new Error(`not understood: "${rest}" of "${sentence}"`);
  beginning[1](captured(beginning[0]) as string);
  const byDay = dayMatcher(days?.[1] ?? "");
  const months = inMonths ? numbersOf(inMonths[1] as string, (word) => MONTHS.indexOf(word)) : all(12);
  described.day = (date) => months.includes(date.getUTCMonth()) && byDay(date);
  return described;
}

const item = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min, max }).map(String),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.integer({ min: 1, max: 40 }).map((step) => `*/${step}`),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: 9 })).map(([from, step]) => `${from}/${step}`),
  );
const field = (min: number, max: number, ...special: string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant("*") },
    { weight: 4, arbitrary: item(min, max) },
    { weight: 2, arbitrary: fc.array(item(min, max), { minLength: 1, maxLength: 4 }).map((items) => items.join(",")) },
    ...(special.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom(...special) }]),
  );
const second = fc.oneof({ weight: 3, arbitrary: fc.constant("0") }, field(0, 59));
const cron = fc
  .tuple(
    second,
    field(0, 59),
    field(0, 23),
    field(1, 31, "L", "1,L", "15,L"),
    field(1, 12),
    field(0, 7, "1#2", "5#5", "5L", "1,5L", "1L,5L"),
  )
  .map((fields) => fields.join(" "));

/** Two years of days, with a leap day and each combination of day of month and weekday. */
const DAYS = Array.from({ length: 731 }, (_, i) => new Date(Date.UTC(2027, 0, 1) + i * DAY_MS));

describe("the sentence of a cron", () => {
  it("names exactly the seconds, minutes, hours and days at which it fires", () => {
    fc.assert(
      fc.property(cron, (expression) => {
        let parsed: ReturnType<typeof parseCron>;
        try {
          parsed = parseCron(expression);
        } catch {
          // The random fields are not a valid cron.
          return;
        }
        const { text } = describeCron(expression, "UTC");
        const described = read(text.replace(/ \(UTC\)$/, ""));
        if (described.times !== null) {
          const fires = parsed.hours.flatMap((hour) =>
            parsed.minutes.flatMap((minute) =>
              parsed.seconds.map((sec) => [hour, minute, sec].map((n) => String(n).padStart(2, "0")).join(":")),
            ),
          );
          expect(
            described.times.map((time) => (time.length === 5 ? `${time}:00` : time)),
            text,
          ).toEqual(fires);
        } else {
          expect([described.second, described.minute, described.hour], text).toEqual([
            parsed.seconds,
            parsed.minutes,
            parsed.hours,
          ]);
        }
        const spec = { cronExpression: expression, timezone: "UTC", dstGap: "skip", dstOverlap: "first" } as const;
        const describedDays = DAYS.filter(described.day).map((date) => date.getTime());
        const fired = DAYS.filter((date) => {
          const range = { afterMs: date.getTime() - 1, untilMs: date.getTime() + DAY_MS - 1, limit: 1 };
          return occurrences(spec, range).length > 0;
        }).map((date) => date.getTime());
        expect(describedDays, text).toEqual(fired);
      }),
      { numRuns: 600 },
    );
  });
});
