import { offsetAt, zoneOf } from "../recurrence/zone";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Maximum number of bars that are wide enough to read. */
export const MAX_BARS = 300;
const WIDTHS_MS = [1, 5, 15, 30, 60, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);

/** The smallest bucket width that gives at most `MAX_BARS` bars, or a day if none does. */
export function bucketMsFor(spanMs: number): number {
  // An unaligned range needs one more bucket.
  return WIDTHS_MS.find((width) => spanMs / width <= MAX_BARS - 1) ?? (WIDTHS_MS.at(-1) as number);
}

/**
 * The starts of buckets that cover a range, at round times of the zone. A bucket of an hour or less has a fixed length.
 * Longer buckets begin at round wall-clock times, so their length varies with clock changes.
 * @throws AppError `timezone_unknown`
 */
export function bucketStarts(input: { fromMs: number; toMs: number; bucketMs: number; timezone: string }): number[] {
  const { fromMs, toMs, bucketMs } = input;
  const zone = zoneOf(input.timezone);
  const firstOffsetMs = offsetAt(zone, fromMs);
  const starts: number[] = [];
  for (let at = Math.floor((fromMs + firstOffsetMs) / bucketMs) * bucketMs - firstOffsetMs; at < toMs; ) {
    starts.push(at);
    const next = at + bucketMs;
    at = bucketMs > HOUR_MS ? next + offsetAt(zone, at) - offsetAt(zone, next) : next;
  }
  return starts;
}
