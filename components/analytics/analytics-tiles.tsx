"use client";

import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesCombined } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { TimeLines, usePreloadedTimeLines } from "~/components/charts/line-charts";
import type { Bucket } from "~/components/charts/prepare/buckets";
import { OUTCOME_PATTERNS, PERCENTILE_SERIES, seriesOfOutcomes } from "~/components/charts/series";
import { StackedBars } from "~/components/charts/stacked-bars";
import { CHART_OUTCOMES } from "~/components/executions/histogram";
import { serializeRange } from "~/components/filters/time-range";
import { countDelta } from "~/components/overview/delta";
import { CHART_BUCKETS } from "~/components/overview/inputs";
import { outcomeTotals } from "~/components/overview/throughput";
import { StatTile } from "~/components/queries/stat-tile";
import { WhenNear } from "~/components/queries/when-near";
import { NoSchedulesYet } from "~/components/schedules/no-schedules-yet";
import { type RouterInputs, type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import {
  formatCounted,
  formatDuration,
  formatNumber,
  formatPercentile,
  formatRatio,
  NO_VALUE,
} from "~/components/ui/format";
import { type LazyComponent, lazyComponent } from "~/components/ui/lazy-component";
import { OUTCOME_COLORS } from "~/components/ui/outcome";
import { SkeletonLines } from "~/components/ui/skeleton";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import { useLoadLater } from "~/components/ui/use-load-later";
import { LATE_MS } from "~/server/domain/choices";
import { useChangeMarkers } from "./change-markers";
import { ChartTile } from "./chart-tile";
import { budgetSeries, outcomeSeries, PERCENTILES, type Performance, percentileSeries, retrySeries } from "./series";
import { ERRORS_TITLE, FAILING_TITLE, PUBLISH_TITLE, UPCOMING_TITLE, WEEK_TITLE } from "./tile-titles";

// Tiles below the first screen.
const upcomingTile = lazyComponent(() => import("./upcoming-tile").then((module) => module.UpcomingTile));
const weekHeatmap = lazyComponent(() => import("./heatmap-tiles").then((module) => module.WeekHeatmap));
const publishHeatmap = lazyComponent(() => import("./heatmap-tiles").then((module) => module.PublishHeatmap));
const rankedTiles = lazyComponent(() => import("./ranked-tiles").then((module) => module.RankedTiles));

/** Loads these tiles before they come near, so that a printed page has them. */
function loadLowerTiles(): void {
  for (const tile of [upcomingTile, weekHeatmap, publishHeatmap, rankedTiles]) tile.load();
}

/** The approximate height of a chart. */
const CHART_HEIGHT = "min-h-90";
/** The objective of the error budget and of the tile "Succeeded". */
const TARGET_SUCCESS_RATE = 0.99;
/** The interval at which the tiles are refetched. */
export const REFRESH_MS = 30_000;
const HOUR_MS = 3_600_000;

/**
 * Charts and totals of a time range. `link` returns the address of the executions that a figure counts: those of the
 * range, narrowed by the given filters.
 */
export function AnalyticsTiles({
  input,
  link,
  ofOneSchedule = false,
  refetchInterval = REFRESH_MS,
}: {
  input: RouterInputs["analytics"]["summary"];
  link: (more?: Record<string, string>) => string;
  /** Omits the expected load, and the rankings of schedules, reasons, topics and sources. */
  ofOneSchedule?: boolean;
  /** False: live updates are paused. */
  refetchInterval?: number | false;
}) {
  usePreloadedTimeLines();
  useLoadLater(loadLowerTiles);
  const trpc = useTRPC();
  const router = useRouter();
  const { zone } = useDisplayZone();
  const options = { ...KEEP_PREVIOUS, refetchInterval };
  const inputInZone = { ...input, timezone: zone };
  const overall = useQuery(trpc.analytics.totals.queryOptions(input, options));
  const performance = useQuery(
    trpc.analytics.performance.queryOptions({ ...inputInZone, maxBuckets: CHART_BUCKETS }, options),
  );
  const period = periodBefore(input);
  const { from, to } = performance.data ?? {};
  const markers = useChangeMarkers({ from, to, scheduleId: input.scheduleId, topic: input.topic });
  const hrefOf = ({ at, end }: Pick<Bucket<string>, "at" | "end">, more: Record<string, string> = {}) =>
    link({ ...more, range: serializeRange({ from: at, to: end }) });
  const percentileTile = (metric: "latenessMs" | "publishMs", title: string, description: string) => (
    <WhenNear title={title} description={description} className={CHART_HEIGHT}>
      <ChartTile
        title={title}
        description={description}
        markers={markers}
        query={performance}
        bucketsOf={(data: Performance) => percentileSeries(data, metric)}
        series={PERCENTILE_SERIES}
        empty={
          metric === "latenessMs" ? "No successful executions in this range." : "Nothing was published in this range."
        }
        summary={() => percentileText(overall.data?.[metric])}
        format={formatDuration}
        shape="line"
        drillHref={link(metric === "latenessMs" ? { status: "late" } : {})}
        hrefOf={(bucket) => hrefOf(bucket)}
        draw={(buckets, height) => (
          <TimeLines
            buckets={buckets}
            markers={markers}
            series={PERCENTILE_SERIES}
            height={height}
            format={formatDuration}
            isLogarithmic
            target={metric === "latenessMs" ? LATE : undefined}
            onSelect={(bucket) => router.push(hrefOf(bucket))}
          />
        )}
      />
    </WhenNear>
  );
  return (
    <>
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <StatTile label="Executions" query={overall}>
          {({ totals, previous }) => ({
            value: formatNumber(totals.total),
            href: link(),
            delta: countDelta({ now: totals.total, before: previous.total, period }),
            hint: previous.total === 0 ? `None in ${period}` : undefined,
          })}
        </StatTile>
        <StatTile label="Succeeded" query={overall}>
          {({ successRate, previousSuccessRate }) => ({
            value: successRate === null ? NO_VALUE : formatRatio(successRate),
            tone: successRate !== null && successRate < TARGET_SUCCESS_RATE ? "danger" : "neutral",
            href: link({ status: "succeeded" }),
            hint:
              previousSuccessRate === null ? `None in ${period}` : `${formatRatio(previousSuccessRate)} in ${period}`,
          })}
        </StatTile>
        <StatTile label="Lateness p95" query={overall}>
          {({ latenessMs, totals }) => ({
            value: latenessMs.p95 === null ? NO_VALUE : formatPercentile(latenessMs.p95),
            href: link({ status: "late" }),
            hint: totals.total === 0 ? "No successful executions" : `${formatNumber(totals.late)} late`,
          })}
        </StatTile>
        <StatTile label="Retried executions" query={overall}>
          {({ totals, previous }) => ({
            value: formatNumber(totals.retried),
            href: link({ retried: "true" }),
            delta: countDelta({ now: totals.retried, before: previous.retried, better: "down", period }),
            hint: previous.retried === 0 ? `None in ${period}` : undefined,
          })}
        </StatTile>
      </div>
      {overall.data?.totals.total === 0 ? (
        <NoExecutions isFiltered={input.topic !== undefined || input.source !== undefined} />
      ) : (
        <>
          <div className="mb-4 grid gap-4 lg:grid-cols-2 lg:[&>:last-child:nth-child(odd)]:col-span-2">
            <ChartTile
              title="Throughput by outcome"
              description={
                <>
                  {performance.data ? `Bars of ${formatDuration(performance.data.bucketSeconds * 1000)} by` : "By"}{" "}
                  scheduled time, <ZoneLabel />. Click a bar to open its executions.
                </>
              }
              markers={markers}
              query={performance}
              bucketsOf={outcomeSeries}
              series={OUTCOME_BARS}
              summary={() => (overall.data ? `${formatCounted(overall.data.totals.total, "execution")} ended.` : "")}
              totals={overall.data && outcomeTotals(overall.data.totals)}
              format={formatNumber}
              drillHref={link()}
              hrefOf={(bucket, status) => hrefOf(bucket, status && { status })}
              draw={(buckets, height) => (
                <StackedBars
                  buckets={buckets}
                  markers={markers}
                  series={OUTCOME_BARS}
                  height={height}
                  onSelect={(bucket) => router.push(hrefOf(bucket))}
                />
              )}
            />
            <ChartTile
              title="Error budget"
              description={`Share of the error budget (${formatRatio(1 - TARGET_SUCCESS_RATE)}) spent so far`}
              markers={markers}
              query={performance}
              bucketsOf={(data: Performance) => budgetSeries(data, TARGET_SUCCESS_RATE)}
              series={BUDGET_SERIES}
              empty="No failed executions in this range."
              summary={() => budgetText(overall.data)}
              format={(share) => formatRatio(share, 0)}
              shape="line"
              drillHref={link({ status: "dead,expired" })}
              hrefOf={(bucket) => hrefOf(bucket, { status: "dead,expired" })}
              draw={(buckets, height) => (
                <TimeLines
                  buckets={buckets}
                  markers={markers}
                  series={BUDGET_SERIES}
                  height={height}
                  format={(share) => formatRatio(share, 0)}
                  area
                  // The share never falls, so the line is least likely to cross the label at the start.
                  target={{ value: 1, label: "Budget used up", labelAtStart: true }}
                  onSelect={(bucket) => router.push(hrefOf(bucket, { status: "dead,expired" }))}
                />
              )}
            />
            {percentileTile(
              "latenessMs",
              "Lateness",
              "From the scheduled time plus jitter to the acknowledgement by the bus, logarithmic scale",
            )}
            {percentileTile("publishMs", "Publish duration", "Duration of the last attempt, logarithmic scale")}
            <WhenNear title={RETRIES.title} description={RETRIES.description} className={CHART_HEIGHT}>
              <ChartTile
                {...RETRIES}
                markers={markers}
                query={performance}
                bucketsOf={retrySeries}
                series={RETRY_SERIES}
                summary={() =>
                  overall.data
                    ? `${formatNumber(overall.data.totals.retried)} retried, ${formatNumber(overall.data.totals.skipped)} skipped.`
                    : ""
                }
                totals={overall.data?.totals}
                format={formatNumber}
                drillHref={link({ retried: "true" })}
                hrefOf={(bucket, key) => hrefOf(bucket, key && RETRY_FILTERS[key])}
                draw={(buckets, height) => (
                  <StackedBars
                    buckets={buckets}
                    markers={markers}
                    series={RETRY_SERIES}
                    height={height}
                    onSelect={(bucket) =>
                      router.push(hrefOf(bucket, RETRY_FILTERS[bucket.values.retried ? "retried" : "skipped"]))
                    }
                  />
                )}
              />
            </WhenNear>
            {ofOneSchedule ? null : (
              <LowerTile
                tile={upcomingTile}
                title={UPCOMING_TITLE}
                className={CHART_HEIGHT}
                refetchInterval={refetchInterval}
                topic={input.topic}
              />
            )}
          </div>
          <div className="mb-4 flex flex-col gap-4">
            <LowerTile
              tile={weekHeatmap}
              title={WEEK_TITLE}
              className="min-h-80"
              input={input}
              range={performance.data}
              link={link}
              refetchInterval={refetchInterval}
            />
            <LowerTile
              tile={publishHeatmap}
              title={PUBLISH_TITLE}
              className="min-h-110"
              query={performance}
              hrefOf={hrefOf}
            />
          </div>
          <LowerTile
            tile={rankedTiles}
            title={ofOneSchedule ? ERRORS_TITLE : FAILING_TITLE}
            className="min-h-80"
            input={input}
            link={link}
            ofOneSchedule={ofOneSchedule}
            period={period}
            refetchInterval={refetchInterval}
          />
        </>
      )}
    </>
  );
}

/** A tile below the first screen, which loads when it comes near. Until then, shows its title. */
function LowerTile<Props extends object>({
  tile,
  title,
  className,
  ...props
}: { tile: LazyComponent<Props>; title: string; className: string } & NoInfer<Props>) {
  return (
    <WhenNear title={title} className={className}>
      <LoadedTile tile={tile} title={title} className={className} props={props as unknown as Props} />
    </WhenNear>
  );
}

function LoadedTile<Props extends object>({
  tile,
  title,
  className,
  props,
}: {
  tile: LazyComponent<Props>;
  title: string;
  className: string;
  props: Props;
}) {
  const Tile = tile.useLoaded();
  // After a failed load, the next refetch of the page renders this again, and tries again.
  useEffect(() => tile.load());
  if (Tile !== null) return <Tile {...props} />;
  return (
    <Card title={title} className={className}>
      <SkeletonLines lines={8} />
    </Card>
  );
}

const LATE = { value: LATE_MS, label: `late from ${formatDuration(LATE_MS)}` };
const OUTCOME_BARS = seriesOfOutcomes(CHART_OUTCOMES);
const BUDGET_SERIES = [{ key: "spent" as const, label: "Budget spent", color: "var(--outcome-dead)" }];

/** Replaces the charts if no execution is in the range. */
function NoExecutions({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Card>
      <NoSchedulesYet text="Charts appear here after a schedule fires.">
        <EmptyState icon={<ChartNoAxesCombined />} title="No executions in this range">
          {isFiltered ? "Choose a longer range or other filters." : "Choose a longer range."} Charts appear after a
          schedule fires.
        </EmptyState>
      </NoSchedulesYet>
    </Card>
  );
}

/** Added before rounding down, because a product that should be a whole number may be just below it in binary. */
const ROUNDING_ERROR = 1e-9;

/** How many executions failed, and how many the target allows to fail. */
function budgetText(data: RouterOutputs["analytics"]["totals"] | undefined): string {
  if (data?.successRate === null || data === undefined) return "";
  const { succeeded, dead, expired } = data.totals;
  const failed = dead + expired;
  const allowed = Math.floor((1 - TARGET_SUCCESS_RATE) * (succeeded + failed) + ROUNDING_ERROR);
  return `${formatRatio(data.successRate)} succeeded. ${formatNumber(failed)} failed; the ${formatRatio(TARGET_SUCCESS_RATE)} target allows ${formatNumber(allowed)}.`;
}

const RETRIES = {
  title: "Retries and skips",
  description: "Executions with more than one attempt, and skipped executions",
  empty: "No retries and no skipped executions in this range.",
};
const RETRY_SERIES = [
  { key: "retried" as const, label: "Retried", color: OUTCOME_COLORS.retrying, pattern: OUTCOME_PATTERNS.retrying },
  ...seriesOfOutcomes(["skipped"]),
];

/** The filter of the executions that each retry series counts. */
const RETRY_FILTERS = { retried: { retried: "true" }, skipped: { status: "skipped" } } as const;

/**
 * "the previous 24 h", "the previous 7 d": the period that the figures are compared with. A span of 24 to 48 hours is
 * given in hours, because "the previous 1 d" reads badly.
 */
function periodBefore({ from, to, hours = 24 }: RouterInputs["analytics"]["summary"]): string {
  const spanMs =
    typeof from === "string" && typeof to === "string" ? Date.parse(to) - Date.parse(from) : Number(hours) * HOUR_MS;
  const spanHours = spanMs / HOUR_MS;
  return `the previous ${spanHours >= 24 && spanHours <= 48 ? `${formatNumber(spanHours)} h` : formatDuration(spanMs)}`;
}

function percentileText(percentiles: { p50: number | null; p95: number | null; p99: number | null } | undefined) {
  if (!percentiles || percentiles.p50 === null) return "";
  return PERCENTILES.map((key) => `${key} ${formatDuration(percentiles[key] ?? 0)}`).join(", ");
}
