"use client";

import { useMemo } from "react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import { type Bucket, bucketTotals } from "~/components/charts/prepare/buckets";
import { seriesOfOutcomes } from "~/components/charts/series";
import { StackedBars } from "~/components/charts/stacked-bars";
import { errorText } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { CHART_OUTCOMES, type ChartOutcome, histogramBuckets } from "./histogram";

const HEIGHT_PX = 132;

/** Executions over the list's range, by outcome. A click on a bar, or a drag across bars, narrows the range. */
export function HistogramChart({
  query,
  range,
  nowMs,
  bucketSeconds,
  onNarrow,
}: {
  query: { data: RouterOutputs["executions"]["histogram"] | undefined; error: unknown; refetch: () => unknown };
  range: { from: number; to: number };
  nowMs: number;
  bucketSeconds: number;
  onNarrow: (range: { from: number; to: number }) => void;
}) {
  const { data } = query;
  const { from, to } = range;
  const buckets = useMemo<Bucket<ChartOutcome>[]>(
    () => (data ? histogramBuckets({ rows: data, fromMs: from, toMs: to, nowMs, bucketSeconds }) : []),
    [data, from, to, nowMs, bucketSeconds],
  );
  const totals = bucketTotals(buckets, CHART_OUTCOMES);
  const shown = CHART_OUTCOMES.filter((outcome) => totals[outcome] > 0);
  const series = seriesOfOutcomes(shown);
  const total = shown.reduce((sum, outcome) => sum + totals[outcome], 0);
  // The empty list below says why there is nothing to draw.
  if (data && total === 0) return null;
  return (
    <ChartFrame
      title="Executions by outcome"
      description={
        <>
          By scheduled time, <ZoneLabel />. Click a bar or drag across bars to narrow the range.
        </>
      }
      summary={`${formatCounted(total, "execution")} ${total === 1 ? "matches" : "match"}.`}
      loading={!data && !query.error}
      error={
        !data && query.error
          ? { message: errorText(query.error), requestId: callErrorOf(query.error)?.requestId }
          : null
      }
      onRetry={() => void query.refetch()}
      height={HEIGHT_PX}
      legend={
        <ChartLegend
          series={series}
          values={Object.fromEntries(shown.map((outcome) => [outcome, formatNumber(totals[outcome])]))}
        />
      }
      table={{
        columns: ["From", ...shown.map((outcome) => OUTCOME_LABELS[outcome])],
        rows: buckets
          .filter((bucket) => shown.some((outcome) => bucket.values[outcome]))
          .toReversed()
          .map((bucket) => [
            <button
              key="from"
              type="button"
              className="rounded hover:underline"
              onClick={() => onNarrow({ from: bucket.at, to: bucket.end })}
            >
              <Instant value={bucket.at} format="short" precision="minute" />
            </button>,
            ...shown.map((outcome) => formatNumber(bucket.values[outcome] ?? 0)),
          ]),
      }}
    >
      <StackedBars
        buckets={buckets}
        series={series}
        height={HEIGHT_PX}
        onSelect={(bucket) => onNarrow({ from: bucket.at, to: bucket.end })}
        onBrush={onNarrow}
      />
    </ChartFrame>
  );
}
