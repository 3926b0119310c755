"use client";

import type { ReactNode } from "react";
import { ChartFrame, type ChartTable } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import type { Bucket } from "~/components/charts/prepare/buckets";
import type { Series } from "~/components/charts/series";
import { errorText } from "~/components/queries/load-error";
import type { TileQuery } from "~/components/queries/query-tile";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { callErrorOf } from "~/components/trpc/app-error";
import { Instant } from "~/components/ui/time";

const HEIGHT = 220;

/** A chart over one query with a table view, a drill-down, and its own loading, error and empty states. */
export function ChartTile<Data, Key extends string>(props: {
  title: string;
  description?: ReactNode;
  query: TileQuery<Data>;
  bucketsOf: (data: Data) => Bucket<Key>[];
  series: readonly Series<Key>[];
  summary: (data: Data) => ReactNode;
  format: (value: number) => string;
  drillHref: string;
  shape?: "bar" | "line";
  draw: (buckets: Bucket<Key>[], height: number) => ReactNode;
}) {
  return (
    <TileBoundary title={props.title}>
      <Tile {...props} />
    </TileBoundary>
  );
}

function Tile<Data, Key extends string>({
  title,
  description,
  query,
  bucketsOf,
  series,
  summary,
  format,
  drillHref,
  shape,
  draw,
}: Parameters<typeof ChartTile<Data, Key>>[0]) {
  const { data } = query;
  const buckets = data === undefined ? [] : bucketsOf(data);
  const isEmpty = !buckets.some(({ values }) => series.some(({ key }) => values[key]));
  const table: ChartTable = {
    columns: ["From", ...series.map(({ label }) => label)],
    rows: buckets
      .filter(({ values }) => series.some(({ key }) => values[key] !== null))
      .toReversed()
      .map(({ at, values }) => [
        <Instant key="from" value={at} format="short" precision="minute" />,
        ...series.map(({ key }) => (values[key] === null ? "–" : format(values[key]))),
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
      empty={data !== undefined && isEmpty ? "Nothing in this range." : undefined}
      drillHref={drillHref}
      table={table}
      height={HEIGHT}
      legend={<ChartLegend series={series} shape={shape} />}
    >
      {draw(buckets, HEIGHT)}
    </ChartFrame>
  );
}
