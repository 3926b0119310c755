import { DAY_OF_MONTH, DAY_OF_WEEK, FIELDS, MONTH } from "./fields";

/** What one field asks for. Sunday is 0. */
export interface FieldValues {
  /** Ascending, each once: a list is a union (POSIX). */
  values: readonly number[];
  /** `*` or `?` alone: the field restricts nothing. */
  isWildcard: boolean;
  /** `L` in day of month. */
  last: boolean;
  /** The weekdays of `5L`. */
  lastWeekdays: readonly number[];
  /** n of `1#n`; 0 without. */
  nth: number;
}

/** Why a field cannot be read, in words that say how to write it where there is a way. */
export class FieldFault extends Error {}

const NAMES: Readonly<Record<number, readonly string[]>> = {
  [MONTH]: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  [DAY_OF_WEEK]: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
};
/** Longer steps fire at the first value only; more digits than this are a slip. */
const MAX_STEP = 999;
const ITEM = /^([^/]*)(?:\/(.*))?$/;

/**
 * Reads one raw field; letters in either case.
 *
 * @param index of `FIELDS`
 * @throws FieldFault
 */
export function readField(index: number, raw: string): FieldValues {
  const text = raw.toUpperCase();
  refuseForeign(index, text);
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

/** What other dialects have and this one must not guess at. */
function refuseForeign(index: number, text: string): void {
  const words = text.replace(/[A-Z]{3,}/g, "");
  if (/H/.test(words)) throw new FieldFault("H (hashed values) is not supported; use jitter");
  if (/W/.test(words)) {
    throw new FieldFault(
      "W (nearest weekday) is not supported; ask for the days, as in 15, or the weekdays, as in 1-5",
    );
  }
  if (!text.includes("?")) return;
  if (index !== DAY_OF_MONTH && index !== DAY_OF_WEEK) {
    throw new FieldFault('"?" may stand in a day field only; write *');
  }
  if (text !== "?") throw new FieldFault('"?" stands alone; write * for every value');
}

/** `L`, `5L` and `1#2`; answers whether the item is one of them. */
function readSpecial(
  given: { index: number; item: string; isAlone: boolean },
  values: Set<number>,
  found: { last: boolean; lastWeekdays: Set<number>; nth: number },
): boolean {
  const { index, item, isAlone } = given;
  if (index === DAY_OF_MONTH && item.startsWith("L")) {
    if (item !== "L") throw new FieldFault("L is the last day of the month and takes nothing behind it");
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
  const [weekday = "", nth = "", ...more] = item.split("#");
  if (weekday === "" || /[*,/-]/.test(weekday)) throw new FieldFault("# needs one weekday before it, as in 1#2");
  if (!isAlone) throw new FieldFault(`"${item}" must stand alone: # takes one weekday; make a schedule for each`);
  if (!/^[1-5]$/.test(nth) || more.length > 0)
    throw new FieldFault("# takes 1 to 5 behind it, as in 1#2 (the second Monday)");
  values.add(numberOf(index, weekday) % 7);
  found.nth = Number(nth);
  return true;
}

/** The values of `5`, `1-5`, `*`, each with or without a step. */
function valuesOf(index: number, item: string): number[] {
  const { min, max } = FIELDS[index] as (typeof FIELDS)[number];
  const [, base = "", stepText] = ITEM.exec(item) ?? [];
  const step = stepText === undefined ? 1 : stepOf(stepText);
  let [from, until]: [number, number] = [min, index === DAY_OF_WEEK ? 6 : max];
  if (base !== "*" && base !== "?") {
    const [first = "", second, ...more] = base.split("-");
    if (more.length > 0) throw new FieldFault("cannot be read");
    from = numberOf(index, first);
    until = second === undefined ? (stepText === undefined ? from : max) : endOf(index, { from, second });
    if (until < from) throw new FieldFault(wrapped(index, { from, until, step }));
  }
  const values: number[] = [];
  for (let value = from; value <= until; value += step) values.push(value);
  return values;
}

/** Sunday ends a week as well as it begins one: MON-SUN is 1-7. */
function endOf(index: number, { from, second }: { from: number; second: string }): number {
  const until = numberOf(index, second);
  return index === DAY_OF_WEEK && second === "SUN" && from > 0 ? 7 : until;
}

function wrapped(index: number, { from, until, step }: { from: number; until: number; step: number }): string {
  const { min, max } = FIELDS[index] as (typeof FIELDS)[number];
  const last = index === DAY_OF_WEEK ? 6 : max;
  const range = (a: number, b: number) => (a === b ? String(a) : `${a}-${b}`);
  let way = `${range(from, last)},${range(min, until)}`;
  if (step > 1) {
    const size = last - min + 1;
    const length = until - from + size;
    const listed: number[] = [];
    for (let at = 0; at <= length; at += step) listed.push(min + ((from - min + at) % size));
    way = listed.join(",");
  }
  return `the range ends before it begins; write ${way}`;
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
  if (!/^\d+$/.test(text)) throw new FieldFault("cannot be read");
  const value = Number(text);
  if (value < min || value > max) throw new FieldFault(`${text} is out of range`);
  // 05 is common; a third digit is a slip.
  if (text.length > 2) throw new FieldFault(`${text} has too many digits`);
  return value;
}
