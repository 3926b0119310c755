import type { Bucket } from "./buckets";

/** The range from the earlier of two buckets to the end of the later one; null if an index has no bucket. Epoch ms. */
export function brushedRange<Key extends string>(
  buckets: readonly Bucket<Key>[],
  [a, b]: readonly [number, number],
): { from: number; to: number } | null {
  const [first, last] = [buckets[Math.min(a, b)], buckets[Math.max(a, b)]];
  return first === undefined || last === undefined ? null : { from: first.at, to: last.end };
}
