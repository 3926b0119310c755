import { type Bucket, bucketTotals } from "~/components/charts/prepare/buckets";
import { CHART_OUTCOMES, type ChartOutcome } from "~/components/executions/histogram";
import type { OutcomeCounts } from "~/server/domain/views";

/** The bucket with the most executions; undefined if there are none. */
export function busiest(
  buckets: readonly Bucket<ChartOutcome>[],
): { bucket: Bucket<ChartOutcome>; total: number } | undefined {
  let best: { bucket: Bucket<ChartOutcome>; total: number } | undefined;
  for (const bucket of buckets) {
    const total = CHART_OUTCOMES.reduce((sum, outcome) => sum + (bucket.values[outcome] ?? 0), 0);
    if (total > (best?.total ?? 0)) best = { bucket, total };
  }
  return best;
}

/**
 * The outcomes to draw: those of the bars and of the exact totals. The first bar may begin before the totals, so its
 * outcomes may have no total. "Succeeded" is always drawn.
 */
export function drawnOutcomes(
  buckets: readonly Bucket<ChartOutcome>[],
  totals: Record<ChartOutcome, number>,
): ChartOutcome[] {
  const inBars = bucketTotals(buckets, CHART_OUTCOMES);
  return CHART_OUTCOMES.filter((outcome) => outcome === "succeeded" || totals[outcome] > 0 || inBars[outcome] > 0);
}

/** Totals for the chart, in which a late success counts only as late. */
export const outcomeTotals = (counts: OutcomeCounts): Record<ChartOutcome, number> => ({
  ...counts,
  succeeded: counts.succeeded - counts.late,
});
