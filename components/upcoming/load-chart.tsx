"use client";

import { useMemo } from "react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import { FILL_PATTERNS } from "~/components/charts/pattern";
import { type Bucket, capBuckets } from "~/components/charts/prepare/buckets";
import type { Series } from "~/components/charts/series";
import { StackedBars } from "~/components/charts/stacked-bars";
import { useWidth } from "~/components/charts/use-width";
import { formatDuration } from "~/components/ui/format";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { LoadGrouping, type LoadGroupingProps } from "./load-grouping";
import { clockChangeTitle, formatFirings, type UpcomingLoad } from "./words";

const HEIGHT_PX = 260;
const MINUTE_S = 60;
/** Percent of the accent colour, strongest first: topics differ in lightness and pattern, not in hue. */
const PERCENTS = [100, 84, 70, 58, 48, 40];
/** Neighbouring buckets are merged by one of these factors, so that each bar has at least `MIN_BAR_PX`. */
const MERGE_FACTORS = [1, 2, 3, 6, 12] as const;
const MIN_BAR_PX = 3;

/** The expected firings by topic, with the measured peak as a line. A click narrows the range to a bar. */
export function LoadChart({
  load,
  refreshing,
  by,
  onRange,
}: {
  load: UpcomingLoad;
  refreshing: boolean;
  /** Offers to group by tag instead. */
  by?: LoadGroupingProps;
  onRange: (range: { from: number; to: number }) => void;
}) {
  const { bucketSeconds, measured } = load;
  const { series, buckets } = useMemo(() => chartOf(load), [load]);
  const plot = useWidth();
  const factor = mergeFactor(buckets.length, plot.width);
  const bars = useMemo(
    () => capBuckets(buckets, { max: Math.ceil(buckets.length / factor), merge: "sum" }),
    [buckets, factor],
  );
  const bucketWidth = formatDuration(bucketSeconds * 1000);
  const barSeconds = bucketSeconds * factor;
  return (
    <ChartFrame
      title="Expected firings by topic"
      description={
        <>
          In bars of {formatDuration(barSeconds * 1000)}, <ZoneLabel />
          {barSeconds > MINUTE_S && load.firings > 0 ? ". Click a bar to see its minutes." : "."}
        </>
      }
      summary={
        <>
          {formatFirings(load.firings)} firings from <Instant value={load.from} format="short" precision="minute" /> to{" "}
          <Instant value={load.to} format="short" precision="minute" />.
          {measured.fired > 0
            ? ` The measured peak of the last 7 days is ${formatFirings(measured.bucketPeak)} in ${bucketWidth}.`
            : null}
        </>
      }
      refreshing={refreshing}
      actions={by ? <LoadGrouping {...by} /> : undefined}
      empty={load.firings === 0 ? "No schedule fires in this range." : undefined}
      table={{
        columns: ["From", "All", ...series.map(({ label }) => label)],
        rows: buckets
          .filter((_, index) => (load.buckets[index]?.firings ?? 0) > 0)
          .map((bucket) => [
            bucketSeconds > MINUTE_S ? (
              <button
                key="from"
                type="button"
                className="rounded hover:underline"
                onClick={() => onRange({ from: bucket.at, to: bucket.end })}
              >
                <Instant value={bucket.at} format="short" precision="minute" />
              </button>
            ) : (
              <Instant key="from" value={bucket.at} format="short" precision="minute" />
            ),
            formatFirings(series.reduce((sum, { key }) => sum + (bucket.values[key] ?? 0), 0)),
            ...series.map(({ key }) => formatFirings(bucket.values[key] ?? 0)),
          ]),
      }}
      height={HEIGHT_PX}
      legend={<ChartLegend series={series} values={totalsOf(load)} />}
    >
      <div ref={plot.ref} className="flex flex-1 flex-col">
        <StackedBars
          buckets={bars}
          series={series}
          height={HEIGHT_PX}
          format={formatFirings}
          // The peak is that of a bucket, not of several.
          reference={
            factor === 1
              ? { value: measured.bucketPeak, label: `measured peak in ${bucketWidth}, last 7 days` }
              : undefined
          }
          markers={load.clockChanges.map((change) => ({ at: Date.parse(change.at), label: clockChangeTitle(change) }))}
          onSelect={barSeconds > MINUTE_S ? (bucket) => onRange({ from: bucket.at, to: bucket.end }) : undefined}
        />
      </div>
    </ChartFrame>
  );
}

/** How many buckets make one bar; 1 while the width is unknown. */
function mergeFactor(count: number, widthPx: number | null): number {
  if (widthPx === null || widthPx === 0) return 1;
  return MERGE_FACTORS.find((factor) => (widthPx * factor) / count >= MIN_BAR_PX) ?? (MERGE_FACTORS.at(-1) as number);
}

/** The key of all other topics. It cannot be a topic, because a topic has no spaces. */
const OTHERS = "other topics";

function chartOf(load: UpcomingLoad): { series: Series[]; buckets: Bucket<string>[] } {
  const hasOthers = load.buckets.some(({ others }) => others > 0);
  // By name, not by rank, so that a topic keeps its look while the range has the same topics.
  const names = load.topics.map(({ topic }) => topic).toSorted();
  const series: Series[] = [
    ...load.topics.map(({ topic }) => {
      const look = names.indexOf(topic);
      return {
        key: topic,
        label: topic,
        color: `color-mix(in oklab, var(--accent) ${PERCENTS[look] ?? PERCENTS.at(-1)}%, var(--series-fade))`,
        // The first topic has no pattern.
        pattern: FILL_PATTERNS[look - 1],
      };
    }),
    ...(hasOthers ? [{ key: OTHERS, label: "Other topics", color: "var(--line-control)" }] : []),
  ];
  const buckets = load.buckets.map(({ at, topics, others }, index) => {
    const next = load.buckets[index + 1];
    const values: Record<string, number | null> = { [OTHERS]: others };
    for (const [i, firings] of topics.entries()) values[load.topics[i]?.topic ?? ""] = firings;
    return { at: Date.parse(at), end: Date.parse(next?.at ?? load.to), isUnfinished: false, values };
  });
  return { series, buckets };
}

function totalsOf(load: UpcomingLoad): Record<string, string> {
  const others = load.buckets.reduce((sum, bucket) => sum + bucket.others, 0);
  return Object.fromEntries([
    ...load.topics.map(({ topic, firings }) => [topic, formatFirings(firings)]),
    [OTHERS, formatFirings(others)],
  ]);
}
