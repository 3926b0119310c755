import { type Bucket, prepareBuckets } from "~/components/charts/prepare/buckets";
import { ENDS, type End } from "~/components/executions/histogram";
import type { RouterOutputs } from "~/components/trpc/client";

export type Performance = RouterOutputs["analytics"]["performance"];
type Measured = Performance["buckets"][number];

/** The percentiles that charts show. */
export const PERCENTILES = ["p50", "p95", "p99"] as const;
export type Percentile = (typeof PERCENTILES)[number];

function bucketsOf<Key extends string>(
  performance: Performance,
  given: { keys: readonly Key[]; missing: "zero" | "gap"; values: (bucket: Measured) => Record<Key, number | null> },
): Bucket<Key>[] {
  const toMs = Date.parse(performance.to);
  return prepareBuckets({
    raw: performance.buckets.map((bucket) => ({ at: Date.parse(bucket.at), values: given.values(bucket) })),
    keys: given.keys,
    fromMs: Date.parse(performance.from),
    toMs,
    bucketMs: performance.bucketSeconds * 1000,
    nowMs: performance.unfinishedFrom === null ? toMs + performance.bucketSeconds * 1000 : toMs,
    missing: given.missing,
  });
}

/** Executions by outcome. A late success counts only as late; empty buckets are zero. */
export const outcomeSeries = (performance: Performance): Bucket<End>[] =>
  bucketsOf(performance, {
    keys: ENDS,
    missing: "zero",
    values: ({ counts }) => ({ ...counts, succeeded: counts.succeeded - counts.late }),
  });

/** Success rate; empty buckets are gaps. */
export const ratioSeries = (performance: Performance): Bucket<"ratio">[] =>
  bucketsOf(performance, { keys: ["ratio"], missing: "gap", values: ({ successRate }) => ({ ratio: successRate }) });

/** Lateness or publish duration in ms; empty buckets are gaps. */
export const percentileSeries = (performance: Performance, of: "latenessMs" | "publishMs"): Bucket<Percentile>[] =>
  bucketsOf(performance, {
    keys: PERCENTILES,
    missing: "gap",
    values: (bucket) => ({ p50: bucket[of].p50, p95: bucket[of].p95, p99: bucket[of].p99 }),
  });

/** Retries and skipped executions. */
export const retrySeries = (performance: Performance): Bucket<"retried" | "skipped">[] =>
  bucketsOf(performance, {
    keys: ["retried", "skipped"],
    missing: "zero",
    values: ({ retried, counts }) => ({ retried, skipped: counts.skipped }),
  });
