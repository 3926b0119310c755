import { AppError } from "../errors";
import { bitSet, lowestBit } from "./bits";
import { FieldFault, type FieldValues, readField } from "./field-values";
import { DAY_OF_MONTH, DAY_OF_WEEK, EXPECTED_CRON, FIELDS, MONTH, type RawFields, splitExpression } from "./fields";

export type CronErrorCode = "cron_invalid" | "cron_never_fires" | "cron_too_frequent";

/** The error of a refused cron expression. `message` contains the field and the value, if one field is at fault. */
export class CronError extends AppError {
  declare readonly code: CronErrorCode;
  readonly expected: string;

  constructor(code: CronErrorCode, message: string, expected: string) {
    super(code, message, { faults: [{ field: "cron_expression", message, expected }] });
    this.name = "CronError";
    this.expected = expected;
  }
}

/**
 * The two kinds of job of Vixie cron (semantics §3). `interval`: the hour or minute has `*`, a step or every value, so
 * the job follows real time across clock changes. `wall_clock`: hour and minute are fixed, so the job follows the wall
 * clock and the DST policies apply. Seconds do not matter: `*\/10 30 2 * * *` is a wall-clock job.
 */
export type CronKind = "wall_clock" | "interval";

/** The matching days as bit sets: bit 1..31 for days of the month, bit 0..6 for days of the week. */
export interface DayRule {
  /**
   * False if the field is `*` or `?`. Any step restricts it, even `*\/1`. If both fields are restricted, a day that
   * matches one of them is enough.
   */
  domRestricted: boolean;
  dowRestricted: boolean;
  dom: number;
  domLast: boolean;
  dow: number;
  /** n of `#n`, for all of `dow`; 0 if absent. */
  dowNth: number;
  /** The weekdays of `5L`. */
  dowLast: number;
}

export interface ParsedCron {
  /** `raw`, joined by spaces. */
  normalised: string;
  /**
   * The six fields, seconds first. A macro is expanded, and the second is "0" if the expression has five fields. Other
   * fields are as written.
   */
  raw: Readonly<RawFields>;
  kind: CronKind;
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
  /** Bit 1..12. */
  months: number;
  days: DayRule;
}

const LONG_MONTHS = bitSet([1, 3, 5, 7, 8, 10, 12]);
const CACHE_SIZE = 5_000;
const cache = new Map<string, ParsedCron>();

/**
 * Parses 5 fields, 6 with seconds first, or a macro. The result is cached and shared, and must not be changed.
 * @throws CronError `cron_invalid`, `cron_too_frequent` (a step below a second) or `cron_never_fires` (a day that none
 * of the months has). `validateCron` finds other crons that never fire.
 */
export function parseCron(expression: string): ParsedCron {
  const hit = cache.get(expression);
  if (hit) {
    // Moves the entry to the end, because the first entry is evicted.
    cache.delete(expression);
    cache.set(expression, hit);
    return hit;
  }
  const parsed = parse(expression);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value as string);
  cache.set(expression, parsed);
  return parsed;
}

function parse(expression: string): ParsedCron {
  const split = splitExpression(expression);
  if (!split.ok) throw new CronError("cron_invalid", split.message, EXPECTED_CRON);
  const { raw } = split;
  if (/\/0*\.\d/.test(raw[0])) {
    throw new CronError("cron_too_frequent", `second: "${raw[0]}" fires more than once a second`, FIELDS[0].expected);
  }
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = raw.map(readOrRefuse) as [
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
  ];
  if (raw[DAY_OF_MONTH] === "?" && raw[DAY_OF_WEEK] === "?") {
    const message = 'day of week: "?": "?" is allowed in one of the day fields only; write * in the other';
    throw new CronError("cron_invalid", message, FIELDS[DAY_OF_WEEK].expected);
  }
  const cron: ParsedCron = {
    normalised: raw.join(" "),
    raw,
    kind: isIntervalField(raw[2], hour, 24) || isIntervalField(raw[1], minute, 60) ? "interval" : "wall_clock",
    seconds: second.values,
    minutes: minute.values,
    hours: hour.values,
    months: bitSet(month.values),
    days: {
      domRestricted: !dayOfMonth.isWildcard,
      dowRestricted: !dayOfWeek.isWildcard,
      dom: bitSet(dayOfMonth.values),
      domLast: dayOfMonth.last,
      dow: bitSet(dayOfWeek.values),
      dowNth: dayOfWeek.nth,
      dowLast: bitSet(dayOfWeek.lastWeekdays),
    },
  };
  if (hasNoDay(cron)) {
    throw new CronError(
      "cron_never_fires",
      `day of month: "${raw[DAY_OF_MONTH]}" does not exist in month "${raw[MONTH]}", so it never fires`,
      "a day that at least one of the months has",
    );
  }
  return cron;
}

function readOrRefuse(value: string, index: number): FieldValues {
  const field = FIELDS[index] as (typeof FIELDS)[number];
  try {
    return readField(index, value);
  } catch (error) {
    if (!(error instanceof FieldFault)) throw error;
    throw new CronError("cron_invalid", `${field.name}: "${value}": ${error.message}`, field.expected);
  }
}

/** Whether the cron matches only days of the month that none of its months has. */
function hasNoDay({ days, months }: ParsedCron): boolean {
  if (!days.domRestricted || days.dowRestricted || days.domLast) return false;
  const longest = months & LONG_MONTHS ? 31 : months & ~(1 << 2) ? 30 : 29;
  return lowestBit(days.dom) > longest;
}

function isIntervalField(raw: string, { values }: FieldValues, size: number): boolean {
  return /[*/]/.test(raw) || values.length === size;
}
