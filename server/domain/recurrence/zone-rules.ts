/**
 * The offsets of a time zone in a tz database: a list of changes and, if the clocks keep changing each year, the rule
 * after them. Offsets are ms east of UTC; instants are epoch ms.
 */
export interface ZoneRules {
  /** The offset before the first change. */
  readonly firstOffsetMs: number;
  /** Instants of the changes, ascending. */
  readonly changesMs: readonly number[];
  /** The offset after each change. */
  readonly offsetsMs: readonly number[];
  /** The rule after the last change; null if the last offset stays. */
  readonly rule: YearlyRule | null;
}

/** A summer time rule for every year, such as in a POSIX TZ text. */
export interface YearlyRule {
  readonly standardMs: number;
  readonly daylightMs: number;
  readonly toDaylight: YearlyDate;
  readonly toStandard: YearlyDate;
}

/** A yearly date. `timeMs` is the time of day before the change, and may be negative or exceed a day. */
export type YearlyDate =
  /** `week` 1..4, or 5 for the last week; `month` 1..12; `weekday` 0 for Sunday. */
  | { readonly kind: "week"; month: number; week: number; weekday: number; timeMs: number }
  /** 1..365, without 29 February. */
  | { readonly kind: "julian"; day: number; timeMs: number }
  /** 0..365, with 29 February. */
  | { readonly kind: "ordinal"; day: number; timeMs: number };

export interface Transition {
  atMs: number;
  oldOffsetMs: number;
  newOffsetMs: number;
}

const DAY_MS = 86_400_000;

/** The changes of the rule in one year, in order. */
export function changesOfYear(rule: YearlyRule, year: number): [Transition, Transition] {
  const { standardMs, daylightMs } = rule;
  const toDaylight = {
    atMs: wallOfYear(rule.toDaylight, year) - standardMs,
    oldOffsetMs: standardMs,
    newOffsetMs: daylightMs,
  };
  const toStandard = {
    atMs: wallOfYear(rule.toStandard, year) - daylightMs,
    oldOffsetMs: daylightMs,
    newOffsetMs: standardMs,
  };
  return toDaylight.atMs < toStandard.atMs ? [toDaylight, toStandard] : [toStandard, toDaylight];
}

/** The wall-clock time, as if UTC, of the date in a year. */
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

/** The changes up to the end of a year, including those of the rule. */
export function expandRules(rules: ZoneRules, untilYear: number): { changesMs: number[]; offsetsMs: number[] } {
  const changesMs = [...rules.changesMs];
  const offsetsMs = [...rules.offsetsMs];
  if (rules.rule === null) return { changesMs, offsetsMs };
  // A zone without listed changes follows its rule from 1970.
  let last = changesMs.at(-1) ?? Date.UTC(1970, 0, 1) - 1;
  let offset = offsetsMs.at(-1) ?? rules.firstOffsetMs;
  for (let year = new Date(last).getUTCFullYear(); year <= untilYear; year++) {
    for (const { atMs, newOffsetMs } of changesOfYear(rules.rule, year)) {
      if (atMs <= last || newOffsetMs === offset) continue;
      changesMs.push(atMs);
      offsetsMs.push(newOffsetMs);
      last = atMs;
      offset = newOffsetMs;
    }
  }
  return { changesMs, offsetsMs };
}

/**
 * Drops the changes at the end of the list that the rule repeats: lists extend to 2037 or even 2499. Keeps one of these
 * changes, because the rule starts at the last change.
 */
export function withoutRepeats(rules: ZoneRules): ZoneRules {
  const { rule, changesMs, offsetsMs } = rules;
  if (rule === null || changesMs.length < 2) return rules;
  const byRule = changesByRule(rule, changesMs);
  let keep = changesMs.length;
  while (keep > 1 && byRule.get(changesMs[keep - 1] as number) === offsetsMs[keep - 1]) keep -= 1;
  keep = Math.min(changesMs.length, keep + 1);
  const [startMs, endMs] = [changesMs[keep - 1] as number, changesMs.at(-1) as number];
  // A zone may suspend its rule for some years, in which the rule would add changes.
  const repeated = [...byRule.keys()].filter((atMs) => atMs > startMs && atMs <= endMs).length;
  if (repeated !== changesMs.length - keep) return rules;
  return { ...rules, changesMs: changesMs.slice(0, keep), offsetsMs: offsetsMs.slice(0, keep) };
}

/** The changes of the rule in the years of the list: offset after the change by instant. */
function changesByRule(rule: YearlyRule, changesMs: readonly number[]): Map<number, number> {
  const yearOf = (ms: number) => new Date(ms).getUTCFullYear();
  const [firstYear, lastYear] = [yearOf(changesMs[0] as number), yearOf(changesMs.at(-1) as number)];
  const byRule = new Map<number, number>();
  // The UTC year of an instant near New Year may differ from the year of its wall-clock time.
  for (let year = firstYear - 1; year <= lastYear + 1; year++) {
    for (const { atMs, newOffsetMs } of changesOfYear(rule, year)) byRule.set(atMs, newOffsetMs);
  }
  return byRule;
}
