import { type CronExpression, CronExpressionParser } from "cron-parser";
import { AppError } from "../errors";
import { EXPECTED_CRON, FIELDS, fieldFault, type RawFields, refusedSyntax, splitExpression } from "./fields";

export type CronErrorCode = "cron_invalid" | "cron_never_fires" | "cron_too_frequent";

/** Why a cron expression is refused; `message` names the field and the value. */
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
 * Vixie cron's two kinds of job (semantics §3). `interval`: the hour or the minute is written with `*`, `?` or a step,
 * or lists every value there is, so real time goes on through a change of the clock. `wall_clock`: both are fixed, so a
 * person means the clock on the wall and the DST rule applies. Seconds do not count: `*\/10 30 2 * * *` means 02:30.
 */
export type CronKind = "wall_clock" | "interval";

/** Which days match, as bit sets: bit 1..31 for days of the month, bit 0..6 for days of the week. */
export interface DayRule {
  /** Neither `*` nor `?`. As in cron-parser, a step such as `*\/2` is a restriction. Both restricted means OR. */
  domRestricted: boolean;
  dowRestricted: boolean;
  dom: number;
  domLast: boolean;
  dow: number;
  /** n of `#n`, for all of `dow`; 0 when there is none. */
  dowNth: number;
  /** The weekdays of `5L`. */
  dowLast: number;
}

export interface ParsedCron {
  /** Always six fields, macros expanded. */
  normalised: string;
  raw: Readonly<RawFields>;
  kind: CronKind;
  seconds: readonly number[];
  minutes: readonly number[];
  hours: readonly number[];
  /** Bit 1..12. */
  months: number;
  days: DayRule;
}

const CACHE_SIZE = 5_000;
const cache = new Map<string, ParsedCron>();

/**
 * Reads 5 fields, 6 with seconds first, or a macro. Cached; the result is shared and must not be changed.
 * @throws CronError `cron_invalid`, `cron_too_frequent` (a step of less than a second) or `cron_never_fires` (a day that
 * no month has). That a cron never fires for another reason only `validateCron` can tell.
 */
export function parseCron(expression: string): ParsedCron {
  const hit = cache.get(expression);
  if (hit) {
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
  refuseFaults(raw, refusedSyntax);
  const normalised = raw.join(" ");
  const { fields } = readWhole(raw);
  const hours = fields.hour.values as readonly number[];
  const minutes = fields.minute.values as readonly number[];
  const { dayOfMonth, dayOfWeek } = fields;
  return {
    normalised,
    raw,
    kind: isOpen(raw[2], hours, 24) || isOpen(raw[1], minutes, 60) ? "interval" : "wall_clock",
    seconds: fields.second.values as readonly number[],
    minutes,
    hours,
    months: bits(fields.month.values),
    days: {
      domRestricted: !dayOfMonth.isWildcard,
      dowRestricted: !dayOfWeek.isWildcard,
      dom: bits(dayOfMonth.values.filter((day) => typeof day === "number")),
      domLast: dayOfMonth.values.includes("L"),
      dow: bits(dayOfWeek.values.filter((day) => typeof day === "number").map((day) => day % 7)),
      dowNth: dayOfWeek.nthDay,
      dowLast: bits(dayOfWeek.values.filter((day) => typeof day === "string").map((day) => Number(day[0]) % 7)),
    },
  };
}

function refuseFaults(raw: RawFields, faultOf: (index: number, value: string) => string | null): void {
  for (const [index, field] of FIELDS.entries()) {
    const value = raw[index] as string;
    const fault = faultOf(index, value);
    if (fault) throw new CronError("cron_invalid", `${field.name}: "${value}": ${fault}`, field.expected);
  }
}

/** If every field can be read alone, the only fault left is a day of the month that none of the months has. */
function readWhole(raw: RawFields): CronExpression {
  try {
    return CronExpressionParser.parse(raw.join(" "), { tz: "UTC", currentDate: new Date(0) });
  } catch {
    refuseFaults(raw, fieldFault);
    throw new CronError(
      "cron_never_fires",
      `day of month: "${raw[3]}" does not exist in month "${raw[4]}", so it never fires`,
      "a day that at least one of the months has",
    );
  }
}

function isOpen(raw: string, values: readonly number[], size: number): boolean {
  return /[*?/]/.test(raw) || values.length === size;
}

function bits(values: readonly number[]): number {
  return values.reduce((set, value) => set | (1 << value), 0);
}
