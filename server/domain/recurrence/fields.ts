import { CronExpressionParser } from "cron-parser";

/** The six fields in the order of the normalised expression, with what each may hold, in words for the caller. */
export const FIELDS = [
  { name: "second", min: 0, max: 59, expected: "0-59, *, lists, ranges and steps" },
  { name: "minute", min: 0, max: 59, expected: "0-59, *, lists, ranges and steps" },
  { name: "hour", min: 0, max: 23, expected: "0-23, *, lists, ranges and steps" },
  { name: "day of month", min: 1, max: 31, expected: "1-31, L (last day), *, lists, ranges and steps" },
  { name: "month", min: 1, max: 12, expected: "1-12 or JAN-DEC, *, lists, ranges and steps" },
  {
    name: "day of week",
    min: 0,
    max: 7,
    expected: "0-7 or SUN-SAT (0 and 7 are Sunday), 5L (last Friday), 1#2 (second Monday), *, lists, ranges and steps",
  },
] as const;

export type RawFields = [string, string, string, string, string, string];

/** The macros of crontab; `@hourly` alone is an interval job. */
const MACROS: Readonly<Record<string, RawFields>> = {
  "@hourly": ["0", "0", "*", "*", "*", "*"],
  "@daily": ["0", "0", "0", "*", "*", "*"],
  "@midnight": ["0", "0", "0", "*", "*", "*"],
  "@weekly": ["0", "0", "0", "*", "*", "0"],
  "@monthly": ["0", "0", "0", "1", "*", "*"],
  "@yearly": ["0", "0", "0", "1", "1", "*"],
  "@annually": ["0", "0", "0", "1", "1", "*"],
};

export const EXPECTED_CRON = `5 fields (minute hour day-of-month month day-of-week), 6 with seconds first, or one of ${Object.keys(MACROS).join(", ")}`;

/** Longest expression that is looked at; the same bound as of the schedule's field. */
const MAX_LENGTH = 256;

export type SplitResult = { ok: true; raw: RawFields } | { ok: false; message: string };

/** Takes an expression apart into six raw fields. Says in words why it cannot. */
export function splitExpression(expression: string): SplitResult {
  const text = expression.trim();
  if (text === "") return { ok: false, message: "the expression is empty" };
  if (text.length > MAX_LENGTH) return { ok: false, message: `is longer than ${MAX_LENGTH} characters` };
  if (text.startsWith("@")) {
    const macro = Object.hasOwn(MACROS, text.toLowerCase()) ? MACROS[text.toLowerCase()] : undefined;
    return macro ? { ok: true, raw: macro } : { ok: false, message: `"${text}" is not a known macro` };
  }
  const [a, b, c, d, e, f, ...more] = text.split(/\s+/);
  const count = text.split(/\s+/).length;
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || more.length > 0) {
    const hint = count > 6 ? "; there is no field for years or for parts of a second" : "";
    return { ok: false, message: `has ${count} ${count === 1 ? "field" : "fields"}, 5 or 6 are needed${hint}` };
  }
  return { ok: true, raw: f === undefined ? ["0", a, b, c, d, e] : [a, b, c, d, e, f] };
}

/** What cron-parser would take, but must not: in words, or null. */
export function refusedSyntax(index: number, raw: string): string | null {
  // cron-parser draws an unseeded random value for H: each process would fire at another minute.
  if (/h/i.test(index === 5 ? raw.replace(/thu/gi, "") : raw)) return "H (hashed values) is not supported; use jitter";
  if (index === 5 && /^[*?]#/.test(raw)) return "# needs one weekday before it, as in 1#2";
  return null;
}

/** Why cron-parser cannot read one raw field, in words, or null when it can be read on its own. */
export function fieldFault(index: number, raw: string): string | null {
  const alone = ["0", "0", "0", "*", "*", "*"];
  alone[index] = raw;
  try {
    CronExpressionParser.parse(alone.join(" "), { tz: "UTC", currentDate: new Date(0) });
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const repeated = /duplicate values found: (\S+)/.exec(reason)?.[1];
    if (repeated !== undefined) return `names the value ${repeated} twice`;
    const value = /got (?:value|range):? (\S+) expected/.exec(reason)?.[1];
    return value !== undefined && /^[\d-]+$/.test(value) ? `${value} is out of range` : "cannot be read";
  }
}
