/** Time buckets for charts. All times are epoch ms. */

/** More bars than this are merged, because they could be thinner than 2 px. */
export const MAX_BARS = 300;
/** More points of a line than this are merged. */
export const MAX_POINTS = 1500;

/** A bucket from the server. Buckets without rows may be missing. */
export interface RawBucket<Key extends string> {
  at: number;
  values: Partial<Record<Key, number | null>>;
}

export interface Bucket<Key extends string> {
  at: number;
  /** End, not included. */
  end: number;
  /** Whether the values may be incomplete, for example because the bucket ends in the future. Drawn dotted. */
  isUnfinished: boolean;
  /** Why the values may be incomplete, for the tooltip; undefined if the bucket ends in the future. */
  unfinishedText?: string;
  /** Whether the bucket also covers time before the range. */
  startsBeforeRange?: boolean;
  /** Null is a gap: the value is unknown. */
  values: Record<Key, number | null>;
}

/**
 * Fills the range with buckets in order. A missing bucket is a gap, or zeros with `missing: "zero"`. Buckets that start
 * in the future are left out.
 */
export function prepareBuckets<Key extends string>({
  raw,
  keys,
  fromMs,
  toMs,
  bucketMs,
  nowMs,
  missing = "gap",
}: {
  raw: readonly RawBucket<Key>[];
  keys: readonly Key[];
  fromMs: number;
  toMs: number;
  bucketMs: number;
  nowMs: number;
  missing?: "gap" | "zero";
}): Bucket<Key>[] {
  const byStart = new Map(raw.map((bucket) => [Math.floor(bucket.at / bucketMs) * bucketMs, bucket]));
  const buckets: Bucket<Key>[] = [];
  for (let at = Math.floor(fromMs / bucketMs) * bucketMs; at < Math.min(toMs, nowMs); at += bucketMs) {
    const known = byStart.get(at);
    const absent = missing === "zero" ? 0 : null;
    const values = Object.fromEntries(keys.map((key) => [key, known?.values[key] ?? absent])) as Bucket<Key>["values"];
    buckets.push({ at, end: at + bucketMs, isUnfinished: at + bucketMs > nowMs, values });
  }
  return buckets;
}

/**
 * Buckets between the server's edges. A missing bucket is a gap, or zeros with `missing: "zero"`. Buckets that start in
 * the future are left out. `fromMs` is the start of the range.
 */
export function bucketsBetween<Key extends string>({
  edges,
  raw,
  keys,
  fromMs,
  nowMs,
  missing = "gap",
}: {
  edges: readonly number[];
  raw: readonly RawBucket<Key>[];
  keys: readonly Key[];
  fromMs: number;
  nowMs: number;
  missing?: "gap" | "zero";
}): Bucket<Key>[] {
  const byStart = new Map(raw.map((bucket) => [bucket.at, bucket]));
  const absent = missing === "zero" ? 0 : null;
  return edges.slice(0, -1).flatMap((at, index) => {
    if (at >= nowMs) return [];
    const end = edges[index + 1] ?? at;
    const known = byStart.get(at);
    const values = Object.fromEntries(keys.map((key) => [key, known?.values[key] ?? absent])) as Bucket<Key>["values"];
    return [{ at, end, isUnfinished: end > nowMs, startsBeforeRange: at < fromMs, values }];
  });
}

/** Merges neighbours so that at most `max` buckets remain: `sum` adds the values, `max` takes the highest value. */
export function capBuckets<Key extends string>(
  buckets: readonly Bucket<Key>[],
  { max, merge }: { max: number; merge: "sum" | "max" },
): Bucket<Key>[] {
  const size = Math.ceil(buckets.length / max);
  if (size <= 1) return [...buckets];
  const merged: Bucket<Key>[] = [];
  for (let start = 0; start < buckets.length; start += size) {
    merged.push(mergeBuckets(buckets.slice(start, start + size), merge));
  }
  return merged;
}

/** One bucket from the first start to the last end: `sum` adds the values, `max` takes the highest value. */
export function mergeBuckets<Key extends string>(group: readonly Bucket<Key>[], merge: "sum" | "max"): Bucket<Key> {
  const first = group[0] as Bucket<Key>;
  const last = group[group.length - 1] as Bucket<Key>;
  const values = { ...first.values };
  for (const key of Object.keys(values) as Key[]) {
    const known = group.map((bucket) => bucket.values[key]).filter((value) => value !== null);
    if (known.length === 0) values[key] = null;
    else values[key] = merge === "sum" ? known.reduce((sum, value) => sum + value, 0) : Math.max(...known);
  }
  const { at, startsBeforeRange } = first;
  return { at, end: last.end, isUnfinished: last.isUnfinished, startsBeforeRange, values };
}

/** What the tooltip and the table say about a bucket that is not complete or not only in the range, or "". */
export function bucketNote(
  bucket: Pick<Bucket<string>, "isUnfinished" | "unfinishedText" | "startsBeforeRange">,
): string {
  const { isUnfinished, unfinishedText = "in progress", startsBeforeRange } = bucket;
  return [startsBeforeRange ? "begins before the range" : "", isUnfinished ? unfinishedText : ""]
    .filter(Boolean)
    .join(", ");
}

/** The sum of each key over all buckets; gaps count as zero. */
export function bucketTotals<Key extends string>(
  buckets: readonly Bucket<Key>[],
  keys: readonly Key[],
): Record<Key, number> {
  const total = (key: Key) => buckets.reduce((sum, bucket) => sum + (bucket.values[key] ?? 0), 0);
  return Object.fromEntries(keys.map((key) => [key, total(key)])) as Record<Key, number>;
}
