"use client";

import { useMemo } from "react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import { type Bucket, bucketTotals } from "~/components/charts/prepare/buckets";
import { StackedBars } from "~/components/charts/stacked-bars";
import { errorText } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { OUTCOME_COLORS, OUTCOME_LABELS } from "~/components/ui/outcome";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { ENDS, type End, histogramBuckets } from "./histogram";

const HEIGHT = 132;

/** Executions over the list's range, by outcome. Clicking a bar narrows the range to it. */
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
  const buckets = useMemo<Bucket<End>[]>(
    () => (data ? histogramBuckets({ rows: data, fromMs: from, toMs: to, nowMs, bucketSeconds }) : []),
    [data, from, to, nowMs, bucketSeconds],
  );
  const totals = bucketTotals(buckets, ENDS);
  const shown = ENDS.filter((end) => totals[end] > 0);
  const series = shown.map((key) => ({ key, label: OUTCOME_LABELS[key], color: OUTCOME_COLORS[key] }));
  const total = shown.reduce((sum, end) => sum + totals[end], 0);
  return (
    <ChartFrame
      title="Executions by outcome"
      description={
        <>
          By scheduled time, <ZoneLabel />. Click a bar to narrow the range.
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
      empty={data && total === 0 ? "Nothing in this range." : undefined}
      height={HEIGHT}
      legend={
        <ChartLegend
          series={series}
          values={Object.fromEntries(shown.map((end) => [end, formatNumber(totals[end])]))}
        />
      }
      table={{
        columns: ["From", ...shown.map((end) => OUTCOME_LABELS[end])],
        rows: buckets
          .filter((bucket) => shown.some((end) => bucket.values[end]))
          .toReversed()
          .map((bucket) => [
            <Instant key="from" value={bucket.at} format="short" precision="minute" />,
            ...shown.map((end) => formatNumber(bucket.values[end] ?? 0)),
          ]),
      }}
    >
      <StackedBars
        buckets={buckets}
        series={series}
        height={HEIGHT}
        onSelect={(bucket) => onNarrow({ from: bucket.at, to: bucket.end })}
      />
    </ChartFrame>
  );
}
