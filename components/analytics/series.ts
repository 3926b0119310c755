import { type Bucket, bucketsBetween } from "~/components/charts/prepare/buckets";
import { CHART_OUTCOMES, type ChartOutcome } from "~/components/executions/histogram";
import type { RouterOutputs } from "~/components/trpc/client";

export type Performance = RouterOutputs["analytics"]["performance"];
type Measured = Performance["buckets"][number];

export const PERCENTILES = ["p50", "p95", "p99"] as const;
export type Percentile = (typeof PERCENTILES)[number];

function bucketsOf<Key extends string>(
  { buckets, edges, unfinishedFrom, from }: Performance,
  chart: { keys: readonly Key[]; missing: "zero" | "gap"; values: (bucket: Measured) => Record<Key, number | null> },
): Bucket<Key>[] {
  return bucketsBetween({
    edges: edges.map((edge) => Date.parse(edge)),
    raw: buckets.map((bucket) => ({ at: Date.parse(bucket.at), values: chart.values(bucket) })),
    keys: chart.keys,
    fromMs: Date.parse(from),
    // Just after the start of the unfinished bucket, so that only later buckets are in the future.
    nowMs: unfinishedFrom === null ? Number.POSITIVE_INFINITY : Date.parse(unfinishedFrom) + 1,
    missing: chart.missing,
  });
}

/** Executions by outcome. A late success counts only as late; empty buckets are zero. */
export const outcomeSeries = (performance: Performance): Bucket<ChartOutcome>[] =>
  bucketsOf(performance, {
    keys: CHART_OUTCOMES,
    missing: "zero",
    values: ({ counts }) => ({ ...counts, succeeded: counts.succeeded - counts.late }),
  });

/**
 * The spent share of the error budget: the failures so far, divided by the failures that the target allows in the
 * range. 1 is the whole budget. Null if the target allows no failure.
 */
export function budgetSeries(performance: Performance, target: number): Bucket<"spent">[] {
  const failuresIn = ({ counts }: Measured) => counts.dead + counts.expired;
  const succeededOrFailed = (bucket: Measured) => bucket.counts.succeeded + failuresIn(bucket);
  const allowedFailures =
    (1 - target) * performance.buckets.reduce((sum, bucket) => sum + succeededOrFailed(bucket), 0);
  const perBucket = bucketsOf(performance, {
    keys: ["spent"],
    missing: "zero",
    values: (bucket) => ({ spent: failuresIn(bucket) }),
  });
  let failures = 0;
  return perBucket.map((bucket) => {
    failures += bucket.values.spent ?? 0;
    return { ...bucket, values: { spent: allowedFailures === 0 ? null : failures / allowedFailures } };
  });
}

/** Lateness or publish duration in ms; empty buckets are gaps. */
export const percentileSeries = (performance: Performance, metric: "latenessMs" | "publishMs"): Bucket<Percentile>[] =>
  bucketsOf(performance, {
    keys: PERCENTILES,
    missing: "gap",
    values: (bucket) => ({ p50: bucket[metric].p50, p95: bucket[metric].p95, p99: bucket[metric].p99 }),
  });

/** Executions with more than one attempt, and skipped executions. */
export const retrySeries = (performance: Performance): Bucket<"retried" | "skipped">[] =>
  bucketsOf(performance, {
    keys: ["retried", "skipped"],
    missing: "zero",
    values: ({ retried, counts }) => ({ retried, skipped: counts.skipped }),
  });
