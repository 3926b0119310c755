import { type Bucket, prepareBuckets } from "~/components/charts/prepare/buckets";
import type { RouterOutputs } from "~/components/trpc/client";

/** The outcomes of ended executions, from the axis up. */
export const CHART_OUTCOMES = ["succeeded", "late", "skipped", "expired", "dead", "cancelled"] as const;
export type ChartOutcome = (typeof CHART_OUTCOMES)[number];

/** Round bar widths, ascending. */
const WIDTHS_SECONDS = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400];
/** More bars than this do not fit above a table. */
const MAX_BARS = 96;

/** The smallest width of which the range is at most `MAX_BARS` long, or one day for a longer range. Seconds. */
export function bucketSecondsFor(rangeMs: number): number {
  return WIDTHS_SECONDS.find((seconds) => rangeMs / (seconds * 1000) <= MAX_BARS) ?? 86_400;
}

/** The ledger's counts as bars. A late success counts only as late. */
export function histogramBuckets(input: {
  rows: RouterOutputs["executions"]["histogram"];
  fromMs: number;
  toMs: number;
  nowMs: number;
  bucketSeconds: number;
}): Bucket<ChartOutcome>[] {
  const sums = new Map<number, Partial<Record<ChartOutcome, number>>>();
  for (const { at, outcome, count, late } of input.rows) {
    const start = Date.parse(at);
    const sum = sums.get(start) ?? {};
    sums.set(start, sum);
    sum.late = (sum.late ?? 0) + (outcome === "succeeded" ? late : 0);
    sum[outcome] = (sum[outcome] ?? 0) + count - (outcome === "succeeded" ? late : 0);
  }
  return prepareBuckets({
    raw: [...sums].map(([at, values]) => ({ at, values })),
    keys: CHART_OUTCOMES,
    fromMs: input.fromMs,
    toMs: input.toMs,
    bucketMs: input.bucketSeconds * 1000,
    // The page rounds its time down to the minute. A bucket that starts at this minute may have executions already.
    nowMs: input.nowMs + 1,
    missing: "zero",
  });
}
