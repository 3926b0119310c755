"use client";

import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { ChartFrame, type ChartTable } from "~/components/charts/chart-frame";
import { type Bucket, bucketTotals } from "~/components/charts/prepare/buckets";
import { StackedBars } from "~/components/charts/stacked-bars";
import { ENDS, type End } from "~/components/executions/histogram";
import { errorText } from "~/components/queries/load-error";
import { LastKnown, type TileQuery } from "~/components/queries/query-tile";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { callErrorOf } from "~/components/trpc/app-error";
import type { RouterOutputs } from "~/components/trpc/client";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { OUTCOME_COLORS, OUTCOME_LABELS } from "~/components/ui/outcome";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { executionsLink } from "./executions-link";
import { busiest, throughputBuckets } from "./throughput";

const TITLE = "Throughput by outcome";
const BUCKET_MS = 900_000;
const HEIGHT = 240;

type Query = TileQuery<RouterOutputs["analytics"]["performance"]>;

/** The last 24 hours in 15-minute bars. Bars, legend entries and table cells open their executions. */
export function ThroughputChart({ query }: { query: Query }) {
  return (
    <TileBoundary title={TITLE}>
      <Chart query={query} />
    </TileBoundary>
  );
}

function Chart({ query }: { query: Query }) {
  const router = useRouter();
  const { data } = query;
  const buckets = useMemo(() => (data ? throughputBuckets(data, BUCKET_MS) : []), [data]);
  const totals = bucketTotals(buckets, ENDS);
  const shown = ENDS.filter((end) => end === "succeeded" || totals[end] > 0);
  const total = ENDS.reduce((sum, end) => sum + totals[end], 0);
  const peak = busiest(buckets);
  const known = callErrorOf(query.error);
  return (
    <ChartFrame
      title={TITLE}
      description={
        <>
          Last 24 hours in 15-minute bars, by scheduled time, <ZoneLabel />
        </>
      }
      summary={
        <>
          {formatCounted(total, "execution")} ended. {peak ? <Peak bucket={peak.bucket} total={peak.total} /> : null}
        </>
      }
      loading={!data && !query.error}
      error={!data && query.error ? { message: errorText(query.error), requestId: known?.requestId } : null}
      onRetry={() => void query.refetch()}
      empty={data && total === 0 ? "No executions in the last 24 hours." : undefined}
      drillHref={executionsLink({ preset: "24h" })}
      table={tableOf(buckets, shown)}
      height={HEIGHT}
      legend={<Legend shown={shown} totals={totals} />}
    >
      {data && query.error ? <LastKnown query={query} /> : null}
      <StackedBars
        buckets={buckets}
        series={shown.map((key) => ({ key, label: OUTCOME_LABELS[key], color: OUTCOME_COLORS[key] }))}
        height={HEIGHT}
        onSelect={(bucket) => router.push(executionsLink(rangeOf(bucket)))}
      />
    </ChartFrame>
  );
}

const rangeOf = (bucket: Bucket<End>) => ({ from: bucket.at, to: bucket.end });

function Peak({ bucket, total }: { bucket: Bucket<End>; total: number }) {
  return (
    <>
      Busiest 15 minutes: {formatNumber(total)} from <Instant value={bucket.at} format="time" precision="minute" />.
    </>
  );
}

function Legend({ shown, totals }: { shown: readonly End[]; totals: Record<End, number> }) {
  return (
    <ul className="flex flex-wrap gap-x-1 text-xs">
      {shown.map((end) => (
        <li key={end}>
          <Link
            href={executionsLink({ preset: "24h" }, [end])}
            title={`Executions with outcome ${OUTCOME_LABELS[end].toLowerCase()}`}
            className="-ml-1.5 flex h-6 items-center gap-1.5 rounded px-1.5 text-muted hover:bg-hover hover:text-ink"
          >
            <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: OUTCOME_COLORS[end] }} />
            {OUTCOME_LABELS[end]}
            <span className="font-medium text-ink">{formatNumber(totals[end])}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Newest first, without empty buckets. */
function tableOf(buckets: readonly Bucket<End>[], shown: readonly End[]): ChartTable {
  const filled = buckets.filter((bucket) => shown.some((end) => bucket.values[end])).toReversed();
  return {
    columns: ["From", ...shown.map((end) => OUTCOME_LABELS[end])],
    rows: filled.map((bucket) => [
      <Link key="from" href={executionsLink(rangeOf(bucket))} className="rounded hover:underline">
        <Instant value={bucket.at} format="short" precision="minute" />
      </Link>,
      ...shown.map((end) =>
        bucket.values[end] ? (
          <Link key={end} href={executionsLink(rangeOf(bucket), [end])} className="rounded hover:underline">
            {formatNumber(bucket.values[end])}
          </Link>
        ) : (
          "0"
        ),
      ),
    ]),
  };
}
