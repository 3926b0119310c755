"use client";

import { useMemo } from "react";
import { ChartFrame } from "~/components/charts/chart-frame";
import { ChartLegend } from "~/components/charts/legend";
import { FILL_PATTERNS } from "~/components/charts/pattern";
import type { Bucket } from "~/components/charts/prepare/buckets";
import type { Series } from "~/components/charts/series";
import { MIN_PATTERN_PX, StackedBars } from "~/components/charts/stacked-bars";
import { useWidth } from "~/components/charts/use-width";
import { NoSchedulesYet } from "~/components/schedules/no-schedules-yet";
import { formatDuration } from "~/components/ui/format";
import { Instant, ZoneLabel } from "~/components/ui/time";
import { loadBars, PARTLY_IN_RANGE } from "./load-bars";
import { LoadGrouping, type LoadGroupingProps } from "./load-grouping";
import { clockChangeTitle, formatFirings, measuredPeak, type UpcomingLoad } from "./words";

const HEIGHT_PX = 260;
const MINUTE_S = 60;
/** The number of colours for topics: `--series-1` and so on. */
const SERIES_COLORS = 6;

/**
 * The expected firings by topic, with the measured peak as a line. A click on a bar of more than a minute narrows the
 * range to that bar.
 */
export function LoadChart({
  title = "Expected firings by topic",
  load,
  refreshing,
  by,
  onRange,
}: {
  title?: string;
  load: UpcomingLoad;
  refreshing: boolean;
  /** Offers to group by tag instead. */
  by?: LoadGroupingProps;
  onRange: (range: { from: number; to: number }) => void;
}) {
  const { bucketSeconds, measured } = load;
  const { series: patterned, buckets } = useMemo(() => chartOf(load), [load]);
  const plot = useWidth();
  const { bars, barMs } = useMemo(
    () => loadBars(buckets, { bucketMs: bucketSeconds * 1000, widthPx: plot.width, zone: load.timezone }),
    [buckets, bucketSeconds, plot.width, load.timezone],
  );
  // Narrow bars are plain, so the legend is plain too.
  const isPlain = plot.width !== null && plot.width / bars.length < MIN_PATTERN_PX;
  const series = isPlain ? patterned.map((one) => ({ ...one, pattern: undefined })) : patterned;
  const barSeconds = barMs / 1000;
  const peak = measuredPeak(measured.bucketPeak, { bucketSeconds, barSeconds });
  return (
    <ChartFrame
      title={title}
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
          {measured.fired > 0 ? ` The measured peak of the last 7 days is ${peak.text}.` : null}
        </>
      }
      refreshing={refreshing}
      actions={by ? <LoadGrouping {...by} /> : undefined}
      empty={
        load.firings === 0 ? (
          <NoSchedulesYet text="The load that schedules will cause is drawn here.">
            No schedule fires in this range.
          </NoSchedulesYet>
        ) : undefined
      }
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
          reference={{ value: peak.value, label: `${peak.label}, last 7 days` }}
          markers={load.clockChanges.map((change) => ({ at: Date.parse(change.at), label: clockChangeTitle(change) }))}
          onSelect={barSeconds > MINUTE_S ? (bucket) => onRange({ from: bucket.at, to: bucket.end }) : undefined}
        />
      </div>
    </ChartFrame>
  );
}

/** The key of all other topics. It cannot be a topic, because a topic has no spaces. */
const OTHERS = "other topics";

function chartOf(load: UpcomingLoad): { series: Series[]; buckets: Bucket<string>[] } {
  const hasOthers = load.buckets.some(({ others }) => others > 0);
  // By name, not by rank, so that a topic keeps its look while the range has the same topics.
  const fromMs = Date.parse(load.from);
  const names = load.topics.map(({ topic }) => topic).toSorted();
  const series: Series[] = [
    ...load.topics.map(({ topic }) => {
      const look = names.indexOf(topic);
      return {
        key: topic,
        label: topic,
        color: `var(--series-${Math.min(look + 1, SERIES_COLORS)})`,
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
    const [start, end] = [Date.parse(at), Date.parse(next?.at ?? load.to)];
    // The range may begin or end within a bucket, whose bar then has only a part of its firings.
    const isUnfinished = start < fromMs || (next === undefined && end - start < load.bucketSeconds * 1000);
    return { at: start, end, isUnfinished, unfinishedText: PARTLY_IN_RANGE, values };
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
