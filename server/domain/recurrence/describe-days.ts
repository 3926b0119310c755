import type { DayRule, ParsedCron } from "./parse";

const MONTHS = "January February March April May June July August September October November December".split(" ");
/** Index 0 is Sunday. */
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const ORDINALS = ["", "first", "second", "third", "fourth", "fifth"];
/** An even progression of at least this many values is shortened to its first three values and its last value. */
const SHORTEN_FROM = 6;

/**
 * Describes the days on which a cron fires; "" for every day. If both day fields are restricted, a day that matches one
 * of them is enough: "on day 1 of the month or on Monday". `inMonths` is "" for every month. `every` is the same days
 * for a sentence that begins with "Every": "day", "Sunday", "month on day 1"; null if no such sentence is clear.
 */
export function daysInWords({ days, months }: ParsedCron): { on: string; inMonths: string; every: string | null } {
  const on = daysOf(days);
  const inMonths = monthsOf(months);
  return { on, inMonths, every: everyOf({ on, inMonths }) };
}

function everyOf({ on, inMonths }: { on: string; inMonths: string }): string | null {
  if (on === "") return "day";
  if (on.includes(" or ")) return null;
  const monthDays = /^on (.*) of the month$/.exec(on)?.[1];
  if (monthDays === undefined) return on.replace(/^on /, "");
  return inMonths === "" ? `month on ${monthDays}` : null;
}

function daysOf(rule: DayRule): string {
  const byMonth = rule.domRestricted ? daysOfMonth(rule) : null;
  const byWeek = rule.dowRestricted ? weekdaysOf(rule) : null;
  // "Monday through Friday" is clear without "on".
  if (byMonth === null) return byWeek === null || byWeek === EVERY ? "" : byWeek.replace(/^on (?=\S+ through )/, "");
  if (byMonth === EVERY || byWeek === EVERY) return "";
  return byWeek === null ? byMonth : `${byMonth} or ${byWeek}`;
}

const EVERY = "every day";

function daysOfMonth({ dom, domLast }: DayRule): string {
  const values = valuesOf(dom, { from: 1, until: 31 });
  if (values.length === 31) return EVERY;
  const last = domLast ? "the last day" : "";
  if (values.length === 0) return `on ${last} of the month`;
  const days = `day${values.length > 1 ? "s" : ""} ${inWords(values.map(String), values)}`;
  return `on ${last === "" ? days : `${days} and ${last}`} of the month`;
}

function weekdaysOf({ dow, dowNth, dowLast }: DayRule): string {
  // Sunday last, for "Friday through Sunday".
  const order = [1, 2, 3, 4, 5, 6, 0];
  const matching = order.map((day, place) => ({ day, place })).filter(({ day }) => dow & (1 << day));
  if (matching.length === 7 && dowNth === 0) return EVERY;
  const names = matching.map(({ day }) => WEEKDAYS[day] as string);
  const last = order.filter((day) => dowLast & (1 << day)).map((day) => `the last ${WEEKDAYS[day]}`);
  if (dowNth > 0) return `on the ${ORDINALS[dowNth]} ${names[0]} of the month`;
  const plain =
    names.length === 0
      ? ""
      : `on ${inWords(
          names,
          matching.map(({ place }) => place),
        )}`;
  const ends = last.length === 0 ? "" : `on ${listed(last)} of the month`;
  return [plain, ends].filter((text) => text !== "").join(" or ");
}

function monthsOf(months: number): string {
  const values = valuesOf(months, { from: 1, until: 12 });
  if (values.length === 12) return "";
  const names = values.map((month) => MONTHS[month - 1] as string);
  return `in ${inWords(names, values)}`;
}

/** Joins names: "a and b", "a through d" for consecutive values, or "1, 3, 5, …, 31" for a long progression. */
export function inWords(names: readonly string[], values: readonly number[]): string {
  const [first, second] = values;
  const step = (second ?? 0) - (first ?? 0);
  const isEven = values.every((value, i) => value === (first ?? 0) + i * step);
  if (isEven && step === 1 && values.length > 2) return `${names[0]} through ${names.at(-1)}`;
  if (isEven && values.length >= SHORTEN_FROM) return `${names.slice(0, 3).join(", ")}, …, ${names.at(-1)}`;
  return listed(names);
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function valuesOf(set: number, { from, until }: { from: number; until: number }): number[] {
  return Array.from({ length: until - from + 1 }, (_, i) => from + i).filter((value) => set & (1 << value));
}
