import { DAY_OF_MONTH, DAY_OF_WEEK, FIELDS, MONTH } from "./fields";

/** The values of one field. Sunday is 0. */
export interface FieldValues {
  /** Ascending and without duplicates. Items of a list may overlap (POSIX). */
  values: readonly number[];
  /** Whether the field is only `*` or `?`, and so matches every value. */
  isWildcard: boolean;
  /** `L` in day of month. */
  last: boolean;
  /** The weekdays of items such as `5L`. */
  lastWeekdays: readonly number[];
  /** The n in `1#n`; 0 for no `#`. */
  nth: number;
}

/** The reason why a field is refused and, if possible, a correction. */
export class FieldFault extends Error {}

const NAMES: Readonly<Record<number, readonly string[]>> = {
  [MONTH]: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  [DAY_OF_WEEK]: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};
/** Steps above this limit are likely typos. A step that exceeds the field's range matches only the first value. */
const MAX_STEP = 999;
/** An item of a list: its values, and its step after "/". */
const ITEM = /^([^/]*)(?:\/(.*))?$/;

/**
 * Parses one raw field; letter case does not matter.
 *
 * @param index into `FIELDS`
 * @throws FieldFault
 */
export function readField(index: number, raw: string): FieldValues {
  const text = raw.toUpperCase();
  refuseOtherDialects(index, text);
  const values = new Set<number>();
  const found = { last: false, lastWeekdays: new Set<number>(), nth: 0 };
  const items = text.split(",");
  for (const item of items) {
    if (item === "") throw new FieldFault("has an empty item in its list");
    if (!readSpecial({ index, item, isAlone: items.length === 1 }, values, found)) {
      for (const value of valuesOf(index, item)) values.add(index === DAY_OF_WEEK ? value % 7 : value);
    }
  }
  return {
    values: [...values].sort((a, b) => a - b),
    isWildcard: text === "*" || text === "?",
    last: found.last,
    lastWeekdays: [...found.lastWeekdays].sort((a, b) => a - b),
    nth: found.nth,
  };
}

/** Refuses the syntax of other cron dialects instead of guessing. */
function refuseOtherDialects(index: number, text: string): void {
  const withoutNames = text.replace(/[A-Z]{3,}/g, "");
  if (/H/.test(withoutNames)) throw new FieldFault("H (hashed values) is not supported; use jitter");
  if (/W/.test(withoutNames)) {
    throw new FieldFault(
      "W (nearest weekday) is not supported; write a day of the month, as in 15, or weekdays, as in 1-5",
    );
  }
  if (!text.includes("?")) return;
  if (index !== DAY_OF_MONTH && index !== DAY_OF_WEEK) {
    throw new FieldFault('"?" is allowed in day fields only; write *');
  }
  if (text !== "?") throw new FieldFault('"?" cannot be combined with other values; write * for every value');
}

/** Parses `L`, `5L` and `1#2`. Returns false for any other item. */
function readSpecial(
  input: { index: number; item: string; isAlone: boolean },
  values: Set<number>,
  found: { last: boolean; lastWeekdays: Set<number>; nth: number },
): boolean {
  const { index, item, isAlone } = input;
  if (index === DAY_OF_MONTH && item.startsWith("L")) {
    if (item !== "L") throw new FieldFault("L is the last day of the month; nothing may follow it");
    found.last = true;
    return true;
  }
  if (index !== DAY_OF_WEEK) return false;
  if (item === "L") throw new FieldFault("L needs a weekday before it, as in 5L (the last Friday)");
  const last = /^(.+)L$/.exec(item)?.[1];
  if (last !== undefined) {
    found.lastWeekdays.add(numberOf(index, last) % 7);
    return true;
  }
  if (!item.includes("#")) return false;
  const [weekday = "", nth = "", ...rest] = item.split("#");
  if (weekday === "" || /[*,/-]/.test(weekday)) throw new FieldFault("# needs one weekday before it, as in 1#2");
  if (!isAlone) throw new FieldFault(`"${item}" cannot be part of a list: make a schedule for each weekday`);
  if (!/^[1-5]$/.test(nth) || rest.length > 0)
    throw new FieldFault("# needs 1 to 5 after it, as in 1#2 (the second Monday)");
  values.add(numberOf(index, weekday) % 7);
  found.nth = Number(nth);
  return true;
}

/** The values of `5`, `1-5` or `*`, each with an optional step. */
function valuesOf(index: number, item: string): number[] {
  const { min, max } = FIELDS[index] as (typeof FIELDS)[number];
  const [, base = "", stepText] = ITEM.exec(item) ?? [];
  const step = stepText === undefined ? 1 : stepOf(stepText);
  let [from, until]: [number, number] = [min, index === DAY_OF_WEEK ? 6 : max];
  if (base !== "*" && base !== "?") {
    const [first = "", second, ...rest] = base.split("-");
    if (rest.length > 0) throw new FieldFault("a range has two ends, as in 1-5");
    from = numberOf(index, first);
    until = second === undefined ? (stepText === undefined ? from : max) : endOf(index, { from, second });
    if (until < from) throw new FieldFault(wrappedRange(index, { from, until, step }));
  }
  const values: number[] = [];
  for (let value = from; value <= until; value += step) values.push(value);
  return values;
}

/** The end of a range. Sunday is 7 at the end of a range: MON-SUN is 1-7. */
function endOf(index: number, { from, second }: { from: number; second: string }): number {
  const until = numberOf(index, second);
  return index === DAY_OF_WEEK && second === "SUN" && from > 0 ? 7 : until;
}

function wrappedRange(index: number, { from, until, step }: { from: number; until: number; step: number }): string {
  const { min, max } = FIELDS[index] as (typeof FIELDS)[number];
  const last = index === DAY_OF_WEEK ? 6 : max;
  const range = (a: number, b: number) => (a === b ? String(a) : `${a}-${b}`);
  let replacement = `${range(from, last)},${range(min, until)}`;
  if (step > 1) {
    const size = last - min + 1;
    const length = until - from + size;
    const listed: number[] = [];
    for (let at = 0; at <= length; at += step) listed.push(min + ((from - min + at) % size));
    replacement = listed.join(",");
  }
  return `the range ends before it starts; write ${replacement}`;
}

function stepOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new FieldFault(`the step "${text}" is not a whole number`);
  const step = Number(text);
  if (step < 1 || step > MAX_STEP) throw new FieldFault(`the step ${text} is out of range, 1 to ${MAX_STEP}`);
  return step;
}

function numberOf(index: number, text: string): number {
  const { min, max } = FIELDS[index] as (typeof FIELDS)[number];
  const named = NAMES[index]?.indexOf(text) ?? -1;
  if (named !== -1) return named + (index === MONTH ? 1 : 0);
  if (text === "") throw new FieldFault("a value is missing");
  if (!/^\d+$/.test(text)) throw new FieldFault(notANumber(index, text));
  const value = Number(text);
  if (value < min || value > max) throw new FieldFault(`${text} is out of range`);
  // A leading zero, such as in 05, is common; a third digit is a typo.
  if (text.length > 2) throw new FieldFault(`${text} has too many digits`);
  return value;
}

function notANumber(index: number, text: string): string {
  const [name] = NAMES[index] ?? [];
  return `"${text}" is not a number${name === undefined ? "" : ` or a name such as ${name}`}`;
}
