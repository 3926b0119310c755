import type { Bucket } from "./buckets";

/** A row of a line chart: `key` up to the last finished bucket, `key~` for the dotted end, `key!` for lone points. */
export type LinePoint = { at: number; end: number; isUnfinished: boolean } & Record<string, number | boolean | null>;

/** The data key of the dotted end of a series. */
export const dotted = (key: string) => `${key}~`;

/** The data key of a point without neighbours, which is drawn as a dot, because a line would not show the point. */
export const alone = (key: string) => `${key}!`;

/**
 * Splits each series at the unfinished bucket. Both parts share the last finished point, so that the lines meet. A
 * point without neighbours is also stored under the key `alone(key)`.
 */
export function prepareLines<Key extends string>(buckets: readonly Bucket<Key>[], keys: readonly Key[]): LinePoint[] {
  return buckets.map((bucket, index) => {
    const point: LinePoint = { at: bucket.at, end: bucket.end, isUnfinished: bucket.isUnfinished };
    const isLastFinished = !bucket.isUnfinished && buckets[index + 1]?.isUnfinished === true;
    for (const key of keys) {
      point[key] = bucket.isUnfinished ? null : bucket.values[key];
      point[dotted(key)] = bucket.isUnfinished || isLastFinished ? bucket.values[key] : null;
      const isAlone =
        (buckets[index - 1]?.values[key] ?? null) === null && (buckets[index + 1]?.values[key] ?? null) === null;
      point[alone(key)] = isAlone ? bucket.values[key] : null;
    }
    return point;
  });
}

/** Round steps between ticks, as multiples of a power of ten. */
const STEPS = [1, 2, 2.5, 5, 10];

/** The axis is divided into about this many steps. */
const STEP_COUNT = 4;

/** Tolerance for quotients that are whole numbers except for a rounding error. */
const ROUNDING_ERROR = 1e-9;

/** The ticks of a linear axis: round steps from 0. The last tick, the top, reaches all values and the target. */
export function linearTicks(values: readonly (number | null)[], target: number): number[] {
  const max = Math.max(target, ...values.filter((value) => value !== null));
  if (max <= 0) return [0];
  const power = 10 ** Math.floor(Math.log10(max / STEP_COUNT));
  const step = power * (STEPS.find((one) => one * power >= max / STEP_COUNT - ROUNDING_ERROR) ?? 10);
  return Array.from({ length: Math.ceil(max / step - ROUNDING_ERROR) + 1 }, (_, n) => n * step);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ROUND_MS = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, DAY, 10 * DAY, 100 * DAY];

/**
 * The ticks of a logarithmic axis: round durations in ms, from 1 ms to the first duration of at least 10 ms that
 * reaches all values and the target, or to 100 days.
 */
export function durationTicks(values: readonly (number | null)[], target: number): number[] {
  const top = Math.max(10, target, ...values.filter((value) => value !== null));
  const last = ROUND_MS.findIndex((ms) => ms >= top);
  return last < 0 ? ROUND_MS : ROUND_MS.slice(0, last + 1);
}
