/** The six fields in the order of the normalised expression. `expected` is for error messages. */
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

export const DAY_OF_MONTH = 3;
export const MONTH = 4;
export const DAY_OF_WEEK = 5;

export type RawFields = [string, string, string, string, string, string];

/** The supported macros. Only `@hourly` is an interval job. */
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

/** Maximum length of an expression in characters, equal to the limit in the schema of `cron_expression`. */
const MAX_LENGTH = 256;

export type SplitResult = { ok: true; raw: RawFields } | { ok: false; message: string };

/** Splits an expression into six raw fields, or explains why it cannot. */
export function splitExpression(expression: string): SplitResult {
  const text = expression.trim();
  if (text === "") return { ok: false, message: "the expression is empty" };
  if (text.length > MAX_LENGTH) return { ok: false, message: `is longer than ${MAX_LENGTH} characters` };
  const foreign = /[^\x21-\x7e \t]/u.exec(text)?.[0];
  if (foreign !== undefined) {
    const code = (foreign.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
    return { ok: false, message: `has the character U+${code}; only printable ASCII characters and tabs are allowed` };
  }
  if (text.startsWith("@")) {
    const macro = Object.hasOwn(MACROS, text.toLowerCase()) ? MACROS[text.toLowerCase()] : undefined;
    return macro ? { ok: true, raw: macro } : { ok: false, message: `"${text}" is not a known macro` };
  }
  const parts = text.split(/[ \t]+/);
  if (parts.some((part) => part.startsWith("#"))) {
    return { ok: false, message: 'has a comment; remove everything from "#" on' };
  }
  const [a, b, c, d, e, f] = parts;
  const count = parts.length;
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || count > 6) {
    const hint = count > 6 ? "; there is no field for years or fractions of a second" : "";
    return { ok: false, message: `has ${count} ${count === 1 ? "field" : "fields"}, 5 or 6 are needed${hint}` };
  }
  return { ok: true, raw: f === undefined ? ["0", a, b, c, d, e] : [a, b, c, d, e, f] };
}
