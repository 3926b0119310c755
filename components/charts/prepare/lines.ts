import type { Bucket } from "./buckets";

/** A row of the line chart: `key` up to the last finished bucket, `key~` for the dotted rest. */
export type LinePoint = { at: number; end: number; unfinished: boolean } & Record<string, number | boolean | null>;

/** The data key of the dotted end of a series. */
export const dotted = (key: string) => `${key}~`;

/** Splits each series at the unfinished bucket. Both parts share the last finished point, so that the lines meet. */
export function prepareLines<Key extends string>(buckets: readonly Bucket<Key>[], keys: readonly Key[]): LinePoint[] {
  return buckets.map((bucket, index) => {
    const point: LinePoint = { at: bucket.at, end: bucket.end, unfinished: bucket.unfinished };
    const meets = !bucket.unfinished && buckets[index + 1]?.unfinished === true;
    for (const key of keys) {
      point[key] = bucket.unfinished ? null : bucket.values[key];
      point[dotted(key)] = bucket.unfinished || meets ? bucket.values[key] : null;
    }
    return point;
  });
}

/** The axis of a ratio: from a round number below the lowest value and the target, to 1. Spans at least one point. */
export function ratioDomain(values: readonly (number | null)[], target: number): [number, number] {
  const lowest = Math.min(target, ...values.filter((value) => value !== null));
  const step = lowest >= 0.95 ? 0.01 : lowest >= 0.8 ? 0.05 : 0.1;
  const floor = Math.floor((lowest - 1e-9) / step) * step;
  return [Math.max(0, Math.round(Math.min(floor, 1 - step) * 100) / 100), 1];
}
