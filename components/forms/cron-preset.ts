import { type DayRule, type ParsedCron, parseCron } from "~/server/domain/recurrence/parse";

/** The cadences that the form offers. Any other cron is `custom`. */
export type CronPreset =
  | { kind: "minutes"; every: number }
  | { kind: "hourly"; minute: number }
  | { kind: "hours"; every: number; minute: number }
  | { kind: "daily"; time: string }
  | { kind: "weekdays"; time: string }
  | { kind: "weekly"; days: number[]; time: string }
  | { kind: "monthly"; day: number | "L"; time: string }
  | { kind: "yearly"; month: number; day: number; time: string }
  | { kind: "custom" };

export type PresetKind = CronPreset["kind"];

/** Only divisors of 60, because cron steps restart at minute 0 and any other step would be uneven. */
export const MINUTE_STEPS = [1, 2, 5, 10, 15, 20, 30] as const;
/** Only divisors of 24, because cron steps restart at hour 0. */
export const HOUR_STEPS = [2, 3, 4, 6, 8, 12] as const;

/** Monday to Friday; cron counts from Sunday, which is 0. */
const WEEKDAYS = [1, 2, 3, 4, 5];
const WEEK = [0, ...WEEKDAYS, 6];
const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);
const MONTH_DAYS = Array.from({ length: 31 }, (_, index) => index + 1);

/** The cron of a preset, in five fields; null for `custom`. `time` is "HH:MM". */
export function presetToCron(preset: CronPreset): string | null {
  switch (preset.kind) {
    case "minutes":
      return preset.every === 1 ? "* * * * *" : `*/${preset.every} * * * *`;
    case "hourly":
      return `${preset.minute} * * * *`;
    case "hours":
      return `${preset.minute} */${preset.every} * * *`;
    case "daily":
      return `${minuteAndHour(preset.time)} * * *`;
    case "weekdays":
      return `${minuteAndHour(preset.time)} * * 1-5`;
    case "weekly":
      return `${minuteAndHour(preset.time)} * * ${[...preset.days].sort((a, b) => a - b).join(",")}`;
    case "monthly":
      return `${minuteAndHour(preset.time)} ${preset.day} * *`;
    case "yearly":
      return `${minuteAndHour(preset.time)} ${preset.day} ${preset.month} *`;
    case "custom":
      return null;
  }
}

/**
 * The presets that fire exactly like this cron, the most specific first. Compares the meaning, not the spelling:
 * `@daily`, `0 0 * * *` and `0 0 0 * * 0-6` are the same. A daily preset is also a weekly preset with seven days.
 */
export function presetsOf(cron: string): CronPreset[] {
  const parsed = parsedOrNull(cron);
  if (parsed === null || !areEqual(parsed.seconds, [0])) return [];
  const days = daysOf(parsed.days);
  if (days === null) return [];
  const months = valuesIn(parsed.months, MONTHS);
  const isEveryMonth = months.length === MONTHS.length;
  const [hour] = parsed.hours;
  // Only an interval job follows real time across clock changes, so a preset must have the same kind of job.
  if (parsed.kind === "interval") {
    const isEveryDay = isEveryMonth && days.on === "week" && days.weekdays.length === WEEK.length;
    return isEveryDay ? intervalsOf(parsed) : [];
  }
  const [minute] = parsed.minutes;
  if (parsed.hours.length !== 1 || parsed.minutes.length !== 1 || hour === undefined || minute === undefined) return [];
  const time = `${twoDigits(hour)}:${twoDigits(minute)}`;
  if (days.on === "month") {
    const [month] = months;
    if (isEveryMonth) return [{ kind: "monthly", day: days.day, time }];
    return months.length === 1 && month !== undefined && days.day !== "L"
      ? [{ kind: "yearly", month, day: days.day, time }]
      : [];
  }
  if (!isEveryMonth) return [];
  const weekly: CronPreset = { kind: "weekly", days: days.weekdays, time };
  if (areEqual(days.weekdays, WEEK)) return [{ kind: "daily", time }, weekly];
  return areEqual(days.weekdays, WEEKDAYS) ? [{ kind: "weekdays", time }, weekly] : [weekly];
}

/** Whether the cron is an interval, which daylight saving policies do not affect. */
export const isIntervalCron = (cron: string): boolean => parsedOrNull(cron)?.kind === "interval";

function intervalsOf({ minutes, hours }: ParsedCron): CronPreset[] {
  const [minute] = minutes;
  const onlyMinute = minutes.length === 1 && minute !== undefined ? minute : null;
  if (hours.length === 24) {
    const every = MINUTE_STEPS.find((step) => areEqual(minutes, multiples(step, 60)));
    if (every !== undefined) return [{ kind: "minutes", every }];
    return onlyMinute === null ? [] : [{ kind: "hourly", minute: onlyMinute }];
  }
  const every = HOUR_STEPS.find((step) => areEqual(hours, multiples(step, 24)));
  return every === undefined || onlyMinute === null ? [] : [{ kind: "hours", every, minute: onlyMinute }];
}

type Days = { on: "week"; weekdays: number[] } | { on: "month"; day: number | "L" };

/** The days of a rule; null if they are neither days of the week nor one day of the month. */
function daysOf(rule: DayRule): Days | null {
  if (rule.dowNth > 0 || rule.dowLast !== 0) return null;
  const monthDays = valuesIn(rule.dom, MONTH_DAYS);
  // Every day of the month, written as `*` or `1-31`.
  if (!rule.domRestricted || (monthDays.length === MONTH_DAYS.length && !rule.dowRestricted)) {
    return { on: "week", weekdays: valuesIn(rule.dow, WEEK) };
  }
  const [day] = monthDays;
  // With both fields restricted, cron fires on days that match either field.
  if (rule.dowRestricted) return null;
  if (rule.domLast) return day === undefined ? { on: "month", day: "L" } : null;
  return monthDays.length === 1 && day !== undefined ? { on: "month", day } : null;
}

function parsedOrNull(cron: string): ParsedCron | null {
  try {
    return parseCron(cron);
  } catch {
    return null;
  }
}

const twoDigits = (value: number) => String(value).padStart(2, "0");
const valuesIn = (bits: number, candidates: readonly number[]) =>
  candidates.filter((value) => (bits & (1 << value)) !== 0);
const multiples = (step: number, below: number) => Array.from({ length: below / step }, (_, index) => index * step);
const areEqual = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, index) => value === b[index]);

function minuteAndHour(time: string): string {
  const [hour = "0", minute = "0"] = time.split(":");
  return `${Number(minute)} ${Number(hour)}`;
}
