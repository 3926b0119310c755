import { type Bucket, prepareBuckets } from "~/components/charts/prepare/buckets";
import { ENDS, type End } from "~/components/executions/histogram";
import type { RouterOutputs } from "~/components/trpc/client";

type Performance = RouterOutputs["analytics"]["performance"];

/** The roll-ups as bars of `bucketMs`. A late success counts only as late; the server marks unfinished buckets. */
export function throughputBuckets(performance: Performance, bucketMs: number): Bucket<End>[] {
  const sums = new Map<number, Record<End, number>>();
  for (const { at, counts } of performance.buckets) {
    const start = Math.floor(Date.parse(at) / bucketMs) * bucketMs;
    const sum = sums.get(start) ?? { succeeded: 0, late: 0, skipped: 0, expired: 0, dead: 0, cancelled: 0 };
    for (const end of ENDS) sum[end] += end === "succeeded" ? counts.succeeded - counts.late : counts[end];
    sums.set(start, sum);
  }
  const toMs = Date.parse(performance.to);
  return prepareBuckets({
    raw: [...sums].map(([at, values]) => ({ at, values })),
    keys: ENDS,
    fromMs: Date.parse(performance.from),
    toMs,
    bucketMs,
    nowMs: toMs,
    missing: "zero",
  });
}

/** The bucket with the most executions; undefined if there are none. */
export function busiest(buckets: readonly Bucket<End>[]): { bucket: Bucket<End>; total: number } | undefined {
  let best: { bucket: Bucket<End>; total: number } | undefined;
  for (const bucket of buckets) {
    const total = ENDS.reduce((sum, end) => sum + (bucket.values[end] ?? 0), 0);
    if (total > (best?.total ?? 0)) best = { bucket, total };
  }
  return best;
}
