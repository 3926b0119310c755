/**
 * The offsets of one time zone as a tz database states them: a list of changes, and where clocks go on changing each
 * year, the rule they follow from then on. Offsets are ms east of UTC; instants are epoch ms.
 */
export interface ZoneRules {
  /** In force before the first change. */
  readonly firstOffsetMs: number;
  /** Instants of the changes, ascending. */
  readonly changesMs: readonly number[];
  /** The offset from each change on. */
  readonly offsetsMs: readonly number[];
  /** Goes on after the last change; null where the last offset stays. */
  readonly rule: YearlyRule | null;
}

/** Summer time by the same rule each year, as in a POSIX TZ text. */
export interface YearlyRule {
  readonly standardMs: number;
  readonly daylightMs: number;
  readonly toDaylight: YearlyDate;
  readonly toStandard: YearlyDate;
}

/** A day of each year; `timeMs` is wall time of that day before the change and may reach into days around it. */
export type YearlyDate =
  /** `week` 1..4, or 5 for the last; `month` 1..12; `weekday` 0 for Sunday. */
  | { readonly kind: "week"; month: number; week: number; weekday: number; timeMs: number }
  /** 1..365, 29 February never counted. */
  | { readonly kind: "julian"; day: number; timeMs: number }
  /** 0..365, 29 February counted. */
  | { readonly kind: "ordinal"; day: number; timeMs: number };

/** One change of the clock: at instant `atMs` the offset goes from `beforeMs` to `afterMs`. */
export interface Transition {
  atMs: number;
  beforeMs: number;
  afterMs: number;
}

const DAY_MS = 86_400_000;

/** The changes that the rule makes in one year, in the order of time. */
export function changesOfYear(rule: YearlyRule, year: number): [Transition, Transition] {
  const { standardMs, daylightMs } = rule;
  const toDaylight = {
    atMs: wallOfYear(rule.toDaylight, year) - standardMs,
    beforeMs: standardMs,
    afterMs: daylightMs,
  };
  const toStandard = {
    atMs: wallOfYear(rule.toStandard, year) - daylightMs,
    beforeMs: daylightMs,
    afterMs: standardMs,
  };
  return toDaylight.atMs < toStandard.atMs ? [toDaylight, toStandard] : [toStandard, toDaylight];
}

/** Wall time, as if UTC, at which the date falls in a year. */
function wallOfYear(date: YearlyDate, year: number): number {
  if (date.kind === "week") {
    const firstMs = Date.UTC(year, date.month - 1, 1);
    const first = 1 + ((date.weekday - new Date(firstMs).getUTCDay() + 7) % 7);
    const length = new Date(Date.UTC(year, date.month, 0)).getUTCDate();
    let day = first + 7 * (date.week - 1);
    if (day > length) day -= 7;
    return firstMs + (day - 1) * DAY_MS + date.timeMs;
  }
  const startMs = Date.UTC(year, 0, 1);
  if (date.kind === "ordinal") return startMs + date.day * DAY_MS + date.timeMs;
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const index = date.day - 1 + (isLeap && date.day >= 60 ? 1 : 0);
  return startMs + index * DAY_MS + date.timeMs;
}

/** The changes up to the end of a year, those of the rule included. */
export function expandRules(rules: ZoneRules, untilYear: number): { changesMs: number[]; offsetsMs: number[] } {
  const changesMs = [...rules.changesMs];
  const offsetsMs = [...rules.offsetsMs];
  if (rules.rule === null) return { changesMs, offsetsMs };
  let last = changesMs.at(-1) ?? Date.UTC(1970, 0, 1) - 1;
  let offset = offsetsMs.at(-1) ?? rules.firstOffsetMs;
  for (let year = new Date(last).getUTCFullYear(); year <= untilYear; year++) {
    for (const { atMs, afterMs } of changesOfYear(rules.rule, year)) {
      if (atMs <= last || afterMs === offset) continue;
      changesMs.push(atMs);
      offsetsMs.push(afterMs);
      last = atMs;
      offset = afterMs;
    }
  }
  return { changesMs, offsetsMs };
}
