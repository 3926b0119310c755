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

/**
 * Without the changes at the end of the list that the rule makes anyway: lists go on to 2037 or even 2499, which is
 * most of their length. One change stays before the rule takes over, as its start is told by the last one.
 */
export function withoutRepeats(rules: ZoneRules): ZoneRules {
  const { rule, changesMs, offsetsMs } = rules;
  if (rule === null || changesMs.length < 2) return rules;
  const made = changesByRule(rule, changesMs);
  let keep = changesMs.length;
  while (keep > 1 && made.get(changesMs[keep - 1] as number) === offsetsMs[keep - 1]) keep -= 1;
  keep = Math.min(changesMs.length, keep + 1);
  const [startMs, endMs] = [changesMs[keep - 1] as number, changesMs.at(-1) as number];
  // A zone that leaves its rule for some years, in the middle of the list, would get those changes back.
  const again = [...made.keys()].filter((atMs) => atMs > startMs && atMs <= endMs).length;
  if (again !== changesMs.length - keep) return rules;
  return { ...rules, changesMs: changesMs.slice(0, keep), offsetsMs: offsetsMs.slice(0, keep) };
}

/** What the rule does in the years of these changes: the offset after each, by its instant. */
function changesByRule(rule: YearlyRule, changesMs: readonly number[]): Map<number, number> {
  const yearOf = (ms: number) => new Date(ms).getUTCFullYear();
  const [firstYear, lastYear] = [yearOf(changesMs[0] as number), yearOf(changesMs.at(-1) as number)];
  const made = new Map<number, number>();
  // Around the new year, an instant's year in UTC is not the one of the rule's wall time.
  for (let year = firstYear - 1; year <= lastYear + 1; year++) {
    for (const { atMs, afterMs } of changesOfYear(rule, year)) made.set(atMs, afterMs);
  }
  return made;
}
