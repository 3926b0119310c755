import { changesOfYear, type YearlyDate, type YearlyRule } from "~/server/domain/recurrence/zone-rules";

const DAY_MS = 86_400_000;
/** Number of the last listed years that a rule must reproduce. */
const YEARS = 8;
/** Possible days from a change to the weekday of the rule: -1 for "Saturday at 24:00", which is on Sunday. */
const SHIFTS = [0, -1, 1];

interface Listed {
  changesMs: readonly number[];
  offsetsMs: readonly number[];
}

/**
 * Infers the yearly rule after a list of changes that ends in 2037 or later. Null if the clocks no longer change or do
 * not follow a yearly rule (in Morocco they follow Ramadan).
 */
export function fitYearlyRule({ changesMs, offsetsMs }: Listed): YearlyRule | null {
  const count = 2 * YEARS;
  const changes = changesMs.slice(-count);
  const offsets = offsetsMs.slice(-count);
  const lastYear = new Date(changes.at(-1) ?? 0).getUTCFullYear();
  // A list that ends before 2037 is complete: the clocks no longer change.
  if (changes.length < count || lastYear < 2037) return null;
  const [standardMs, daylightMs] = [Math.min(...offsets), Math.max(...offsets)];
  const toDaylight = changes.filter((_, i) => offsets[i] === daylightMs).map((atMs) => atMs + standardMs);
  const toStandard = changes.filter((_, i) => offsets[i] === standardMs).map((atMs) => atMs + daylightMs);
  for (const from of datesOf(toDaylight)) {
    for (const until of datesOf(toStandard)) {
      const rule = { standardMs, daylightMs, toDaylight: from, toStandard: until };
      if (reproduces(rule, { changes, lastYear })) return rule;
    }
  }
  return null;
}

/** The yearly dates that may describe these wall times. Week 5 is the last week of a month. */
function datesOf(wallsMs: readonly number[]): YearlyDate[] {
  return SHIFTS.flatMap((shift) => {
    const days = wallsMs.map((ms) => Math.floor(ms / DAY_MS) + shift);
    const dates = days.map((day) => new Date(day * DAY_MS));
    const [first] = dates;
    if (first === undefined) return [];
    const timeMs = (wallsMs[0] as number) - (days[0] as number) * DAY_MS;
    const common = { kind: "week", month: first.getUTCMonth() + 1, weekday: first.getUTCDay(), timeMs } as const;
    const weeks = new Set(dates.map((date) => Math.ceil(date.getUTCDate() / 7)));
    return [...(weeks.size === 1 ? weeks : []), 5].map((week) => ({ ...common, week }));
  });
}

/** Whether the rule gives the changes of the last `YEARS` years. */
function reproduces(
  rule: YearlyRule,
  { changes, lastYear }: { changes: readonly number[]; lastYear: number },
): boolean {
  for (let i = 0; i < YEARS; i++) {
    const [first, second] = changesOfYear(rule, lastYear - YEARS + 1 + i);
    if (first.atMs !== changes[2 * i] || second.atMs !== changes[2 * i + 1]) return false;
  }
  return true;
}
