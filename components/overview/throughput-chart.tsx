"use client";

import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { outcomeSeries } from "~/components/analytics/series";
import { ChartFrame, type ChartTable } from "~/components/charts/chart-frame";
import { Swatch } from "~/components/charts/pattern";
import { type Bucket, bucketTotals } from "~/components/charts/prepare/buckets";
import { seriesOfOutcomes } from "~/components/charts/series";
import { StackedBars } from "~/components/charts/stacked-bars";
import { CHART_OUTCOMES, type ChartOutcome } from "~/components/executions/histogram";
import { errorText } from "~/components/queries/load-error";
import { LastKnown, type TileQuery } from "~/components/queries/query-tile";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { callErrorOf } from "~/components/trpc/app-error";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatDuration, formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { executionsLink } from "./executions-link";
import { busiest, drawnOutcomes, outcomeTotals } from "./throughput";

const TITLE = "Throughput by outcome";
const HEIGHT_PX = 240;

interface Props {
  query: TileQuery<RouterOutputs["analytics"]["performance"]>;
  /** The totals of exactly 24 hours, for the sentence and the legend. The first bar may begin earlier. */
  day: RouterOutputs["analytics"]["totals"] | undefined;
}

/** The executions of the last 24 hours by outcome. Bars, legend entries and table cells open their executions. */
export function ThroughputChart({ query, day }: Props) {
  return (
    <TileBoundary title={TITLE}>
      <Chart query={query} day={day} />
    </TileBoundary>
  );
}

function Chart({ query, day }: Props) {
  const router = useRouter();
  const { data } = query;
  const buckets = useMemo(() => (data ? outcomeSeries(data) : []), [data]);
  const totals = day ? outcomeTotals(day.totals) : bucketTotals(buckets, CHART_OUTCOMES);
  const drawn = drawnOutcomes(buckets, totals);
  const total = CHART_OUTCOMES.reduce((sum, outcome) => sum + totals[outcome], 0);
  const peak = busiest(buckets);
  const callError = callErrorOf(query.error);
  return (
    <ChartFrame
      title={TITLE}
      description={
        <>
          {data ? `Bars of ${formatDuration(data.bucketSeconds * 1000)} by` : "By"} scheduled time, <ZoneLabel />
        </>
      }
      summary={
        <>
          {formatCounted(total, "ended execution")} of the last 24 hours.{" "}
          {peak ? <Peak bucket={peak.bucket} total={peak.total} /> : null}
        </>
      }
      loading={!data && !query.error}
      error={!data && query.error ? { message: errorText(query.error), requestId: callError?.requestId } : null}
      onRetry={() => void query.refetch()}
      empty={data && total === 0 ? "No executions in the last 24 hours." : undefined}
      drillHref={executionsLink({ preset: "24h" })}
      table={tableOf(buckets, drawn)}
      height={HEIGHT_PX}
      legend={<Legend drawn={drawn} totals={totals} />}
    >
      {data && query.error ? <LastKnown query={query} /> : null}
      <StackedBars
        buckets={buckets}
        series={seriesOfOutcomes(drawn)}
        height={HEIGHT_PX}
        onSelect={(bucket) => router.push(executionsLink(rangeOf(bucket)))}
      />
    </ChartFrame>
  );
}

const rangeOf = (bucket: Bucket<ChartOutcome>) => ({ from: bucket.at, to: bucket.end });

function Peak({ bucket, total }: { bucket: Bucket<ChartOutcome>; total: number }) {
  return (
    <>
      Busiest {formatDuration(bucket.end - bucket.at)}: {formatNumber(total)} from{" "}
      <Instant value={bucket.at} format="time" precision="minute" />.
    </>
  );
}

function Legend({ drawn, totals }: { drawn: readonly ChartOutcome[]; totals: Record<ChartOutcome, number> }) {
  return (
    <ul className="flex flex-wrap gap-x-1 text-xs">
      {seriesOfOutcomes(drawn).map(({ key: outcome, label, color, pattern }) => (
        <li key={outcome}>
          <Link
            href={executionsLink({ preset: "24h" }, [outcome])}
            title={`Executions with outcome ${label.toLowerCase()}`}
            className="-ml-1.5 flex h-6 items-center gap-1.5 rounded px-1.5 text-muted hover:bg-hover hover:text-ink"
          >
            <Swatch color={color} pattern={pattern} />
            {label}
            <span className="font-medium text-ink">{formatNumber(totals[outcome])}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Newest first, without empty buckets. */
function tableOf(buckets: readonly Bucket<ChartOutcome>[], drawn: readonly ChartOutcome[]): ChartTable {
  const filled = buckets.filter((bucket) => drawn.some((outcome) => bucket.values[outcome])).toReversed();
  return {
    columns: ["From", ...drawn.map((outcome) => OUTCOME_LABELS[outcome])],
    rows: filled.map((bucket) => [
      <Link key="from" href={executionsLink(rangeOf(bucket))} className="rounded hover:underline">
        <Instant value={bucket.at} format="short" precision="minute" />
      </Link>,
      ...drawn.map((outcome) =>
        bucket.values[outcome] ? (
          <Link key={outcome} href={executionsLink(rangeOf(bucket), [outcome])} className="rounded hover:underline">
            {formatNumber(bucket.values[outcome])}
          </Link>
        ) : (
          "0"
        ),
      ),
    ]),
  };
}
