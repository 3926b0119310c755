"use client";

import { Fragment, type ReactNode } from "react";
import { ChartFrame, type ChartTable } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import { type Bucket, bucketNote } from "~/components/charts/prepare/buckets";
import { type ChartMarker, labelsIn } from "~/components/charts/prepare/markers";
import type { Series } from "~/components/charts/series";
import { errorText } from "~/components/queries/load-error";
import type { TileQuery } from "~/components/queries/query-tile";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { callErrorOf } from "~/components/trpc/app-error";
import { NO_VALUE } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { Instant } from "~/components/ui/time";

const HEIGHT_PX = 220;

/** A chart over one query with a table view, a drill-down, and its own loading, error and empty states. */
export function ChartTile<Data, Key extends string>(props: {
  title: string;
  description?: ReactNode;
  query: TileQuery<Data>;
  bucketsOf: (data: Data) => Bucket<Key>[];
  series: readonly Series<Key>[];
  /** Changes and outages, for the table view and the legend. `draw` must draw them in the chart. */
  markers?: readonly ChartMarker[];
  summary: (data: Data) => ReactNode;
  /** The totals of exactly the range, for the legend. The buckets may begin earlier. */
  totals?: Readonly<Record<Key, number>>;
  format: (value: number) => string;
  drillHref: string;
  /** Returns the link to the executions of a bucket, or of one series of the bucket, for the table view. */
  hrefOf: (bucket: Pick<Bucket<Key>, "at" | "end">, key?: Key) => string;
  shape?: "bar" | "line";
  draw: (buckets: Bucket<Key>[], height: number) => ReactNode;
  /** Shown if every value is zero or unknown. */
  empty?: string;
}) {
  return (
    <TileBoundary title={props.title}>
      <Tile {...props} />
    </TileBoundary>
  );
}

/** All lines, or the bars that occur. */
function shownSeries<Key extends string>(
  series: readonly Series<Key>[],
  buckets: readonly Bucket<Key>[],
  shape: "bar" | "line" | undefined,
): readonly Series<Key>[] {
  if (shape === "line") return series;
  return series.filter(({ key }) => buckets.some(({ values }) => values[key]));
}

function Tile<Data, Key extends string>({
  title,
  description,
  query,
  bucketsOf,
  series,
  markers = [],
  summary,
  totals,
  format,
  drillHref,
  hrefOf,
  shape,
  draw,
  empty = "No executions in this range.",
}: Parameters<typeof ChartTile<Data, Key>>[0]) {
  const { data } = query;
  const buckets = data === undefined ? [] : bucketsOf(data);
  const hasMarkers = buckets.some((bucket) => labelsIn(bucket, markers) !== undefined);
  const isEmpty = !buckets.some(({ values }) => series.some(({ key }) => values[key]));
  const cellOf = (bucket: Bucket<Key>, key: Key) => {
    const value = bucket.values[key];
    if (value === null) return NO_VALUE;
    // Only counts have links. The values of a line are durations or shares.
    if (shape === "line" || value === 0) return format(value);
    return (
      <Link key={key} href={hrefOf(bucket, key)} className="rounded hover:underline">
        {format(value)}
      </Link>
    );
  };
  const table: ChartTable = {
    columns: ["From", ...series.map(({ label }) => label), ...(hasMarkers ? ["Changes and outages"] : [])],
    rows: buckets
      .filter((bucket) => series.some(({ key }) => bucket.values[key] !== null) || labelsIn(bucket, markers))
      .toReversed()
      .map((bucket) => [
        <Fragment key="from">
          <Link href={hrefOf(bucket)} className="rounded hover:underline">
            <Instant value={bucket.at} format="short" precision="minute" />
          </Link>
          {bucketNote(bucket) ? <span className="block text-subtle">{bucketNote(bucket)}</span> : null}
        </Fragment>,
        ...series.map(({ key }) => cellOf(bucket, key)),
        ...(hasMarkers ? [labelsIn(bucket, markers) ?? ""] : []),
      ]),
  };
  return (
    <ChartFrame
      title={title}
      description={description}
      summary={data === undefined ? "" : summary(data)}
      loading={data === undefined && !query.error}
      error={
        data === undefined && query.error
          ? { message: errorText(query.error), requestId: callErrorOf(query.error)?.requestId }
          : null
      }
      onRetry={() => void query.refetch()}
      empty={data !== undefined && isEmpty ? empty : undefined}
      drillHref={drillHref}
      table={table}
      height={HEIGHT_PX}
      legend={
        <ChartLegend
          series={shownSeries(series, buckets, shape)}
          values={totals && Object.fromEntries(series.map(({ key }) => [key, format(totals[key])]))}
          shape={shape}
          hasMarkers={hasMarkers}
        />
      }
    >
      {draw(buckets, HEIGHT_PX)}
    </ChartFrame>
  );
}
