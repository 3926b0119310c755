import type { Bucket } from "./buckets";

/** The start of the earlier bucket and the end of the later bucket, epoch ms; null if an index has no bucket. */
export function brushedRange<Key extends string>(
  buckets: readonly Bucket<Key>[],
  [a, b]: readonly [number, number],
): { from: number; to: number } | null {
  const [first, last] = [buckets[Math.min(a, b)], buckets[Math.max(a, b)]];
  return first === undefined || last === undefined ? null : { from: first.at, to: last.end };
}
