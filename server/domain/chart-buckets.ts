import { resolveLocal } from "./recurrence/local-time";
import { offsetAt, zoneOf } from "./recurrence/zone";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Monday, 5 January 1970. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
/** If a bucket is shorter than this, a repeated hour has buckets of its own. */
const COARSE_MS = 3 * HOUR_MS;

/**
 * The starts of the buckets of a chart over `[fromMs, toMs)`, ascending; the first is at or before `fromMs`. Buckets
 * begin at round times on the zone's clock: days at local midnight, weeks on Monday. A bucket whose start is skipped by
 * a clock change begins at the change.
 *
 * @throws AppError `timezone_unknown`
 */
export function bucketStarts(input: { fromMs: number; toMs: number; stepMs: number; timezone: string }): number[] {
  const { fromMs, toMs, stepMs, timezone } = input;
  const zone = zoneOf(timezone);
  const originMs = stepMs > DAY_MS ? FIRST_MONDAY_MS : 0;
  const wallFrom = fromMs + offsetAt(zone, fromMs);
  // One step earlier, because the round time before `fromMs` may be skipped or repeated.
  const first = Math.floor((wallFrom - originMs) / stepMs) * stepMs + originMs - stepMs;
  const starts: number[] = [];
  for (let wallMs = first; ; wallMs += stepMs) {
    const found = instantsOf(timezone, wallMs, stepMs);
    starts.push(...found);
    if ((found[0] ?? 0) >= toMs) break;
  }
  const ascending = [...new Set(starts)].sort((a, b) => a - b);
  const from = ascending.findLastIndex((ms) => ms <= fromMs);
  return ascending.slice(Math.max(0, from)).filter((ms) => ms < toMs);
}

/** The end of the last bucket that begins before `toMs`: the first bucket start at or after `toMs`. */
export function bucketEnd(input: { toMs: number; stepMs: number; timezone: string }): number {
  const { toMs, stepMs } = input;
  const later = bucketStarts({ ...input, fromMs: toMs, toMs: toMs + 3 * stepMs });
  return later.find((ms) => ms >= toMs) ?? toMs + stepMs;
}

/** Adds up hourly counts by day of the week, Monday first, and by hour of the day, both on the zone's clock. */
export function weekOf(hours: readonly { atMs: number; count: number }[], timezone: string): number[][] {
  const cellOf = cellsOfWeek(timezone);
  const counts = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const { atMs, count } of hours) {
    const { weekday, hour } = cellOf(atMs);
    const day = counts[weekday - 1];
    if (day) day[hour] = (day[hour] ?? 0) + count;
  }
  return counts;
}

/**
 * The starts of the UTC hours that touch `[fromMs, toMs)` and that `weekOf` counts for `weekday` (1 is Monday) and
 * `hour`; undefined for all.
 *
 * @throws AppError `timezone_unknown`
 */
export function hoursOfWeek(input: {
  fromMs: number;
  toMs: number;
  timezone: string;
  weekday?: number;
  hour?: number;
}): number[] {
  const cellOf = cellsOfWeek(input.timezone);
  const hours: number[] = [];
  for (let atMs = Math.floor(input.fromMs / HOUR_MS) * HOUR_MS; atMs < input.toMs; atMs += HOUR_MS) {
    const { weekday, hour } = cellOf(atMs);
    if ((input.weekday ?? weekday) === weekday && (input.hour ?? hour) === hour) hours.push(atMs);
  }
  return hours;
}

/** Returns a function that gives the weekday (1 is Monday) and the hour of a time on the zone's clock. */
function cellsOfWeek(timezone: string): (atMs: number) => { weekday: number; hour: number } {
  const zone = zoneOf(timezone);
  return (atMs) => {
    const wallMs = atMs + offsetAt(zone, atMs);
    const days = Math.floor((wallMs - FIRST_MONDAY_MS) / DAY_MS);
    // Times before the first Monday have negative days.
    return { weekday: (((days % 7) + 7) % 7) + 1, hour: Math.floor((wallMs % DAY_MS) / HOUR_MS + 24) % 24 };
  };
}

/** The instants at which a bucket with this local start time begins. */
function instantsOf(timezone: string, wallMs: number, stepMs: number): number[] {
  const { instants, gap } = resolveLocal(timezone, wallMs);
  if (gap !== null) return [gap.atMs];
  return stepMs < COARSE_MS ? instants : instants.slice(0, 1);
}
