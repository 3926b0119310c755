"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { ChartTile } from "~/components/analytics/chart-tile";
import { RankedTiles } from "~/components/analytics/ranked-tiles";
import {
  outcomeSeries,
  PERCENTILES,
  type Performance,
  percentileSeries,
  ratioSeries,
  retrySeries,
} from "~/components/analytics/series";
import { RatioLine, TimeLines } from "~/components/charts/line-charts";
import { capBuckets } from "~/components/charts/prepare/buckets";
import { PERCENTILE_SERIES } from "~/components/charts/series";
import { StackedBars } from "~/components/charts/stacked-bars";
import { ENDS } from "~/components/executions/histogram";
import { ActiveFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { serializeRange } from "~/components/filters/time-range";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { countDelta } from "~/components/overview/delta";
import { StatTile } from "~/components/queries/stat-tile";
import { NameOfSchedule } from "~/components/schedules/name-of-schedule";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { formatCounted, formatDuration, formatNumber, formatRatio } from "~/components/ui/format";
import { OUTCOME_COLORS, OUTCOME_LABELS } from "~/components/ui/outcome";
import { PageHeader } from "~/components/ui/page-header";
import { SOURCES } from "~/server/domain/choices";
import { analyticsInput, analyticsParsers, executionsHref } from "./search-params";

/** The target success rate, drawn as a line. */
const TARGET = 0.99;
/** The most bars that fit on half the width of the page. */
const HALF_WIDTH_BARS = 100;
const REFRESH_MS = 30_000;
const SOURCE_OPTIONS = SOURCES.map((value) => ({ value, label: SOURCE_LABELS[value] }));

/** Charts and totals of a time range, from the roll-ups. */
export function AnalyticsClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(analyticsParsers);
  const set = (values: { [Name in keyof typeof params]?: (typeof params)[Name] | null }) =>
    void setParams(values, { history: "push" });
  const input = analyticsInput(params);
  const options = { ...KEEP_PREVIOUS, refetchInterval: REFRESH_MS };
  const summary = useQuery(trpc.analytics.summary.queryOptions(input, options));
  const performance = useQuery(trpc.analytics.performance.queryOptions(input, options));
  const link = (more: Record<string, string> = {}) => executionsHref(params, more);
  const percentileTile = (of: "latenessMs" | "publishMs", title: string, description: string) => (
    <ChartTile
      title={title}
      description={description}
      query={performance}
      bucketsOf={(data: Performance) => percentileSeries(data, of)}
      series={PERCENTILE_SERIES}
      summary={() => percentileText(summary.data?.[of])}
      format={formatDuration}
      shape="line"
      drillHref={link(of === "latenessMs" ? { status: "late" } : {})}
      draw={(buckets, height) => (
        <TimeLines buckets={buckets} series={PERCENTILE_SERIES} height={height} format={formatDuration} />
      )}
    />
  );
  return (
    <>
      <PageHeader title="Analytics" />
      <FilterBar>
        <TimeRangePicker value={params.range} onChange={(range) => set({ range })} />
        <TopicSelect
          multiple={false}
          value={params.topic ? [params.topic] : []}
          onChange={([topic]) => set({ topic: topic ?? null })}
        />
        <FacetSelect
          label="Source"
          options={SOURCE_OPTIONS}
          multiple={false}
          value={params.source ? [params.source] : []}
          onChange={([source]) => set({ source: source ?? null })}
        />
      </FilterBar>
      {params.schedule ? (
        <div className="mb-3">
          <ActiveFilters
            filters={[
              {
                id: "schedule",
                label: "Schedule",
                value: <NameOfSchedule scheduleId={params.schedule} />,
                onRemove: () => set({ schedule: null }),
              },
            ]}
            onClearAll={() => set({ schedule: null, topic: null, source: null })}
          />
        </div>
      ) : null}
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <StatTile label="Executions" query={summary}>
          {({ totals, previous }) => ({
            value: formatNumber(totals.total),
            href: link(),
            delta: countDelta({ now: totals.total, before: previous.total }),
          })}
        </StatTile>
        <StatTile label="Succeeded" query={summary}>
          {({ successRate, previousSuccessRate }) => ({
            value: successRate === null ? "–" : formatRatio(successRate),
            tone: successRate !== null && successRate < TARGET ? "danger" : "neutral",
            href: link({ status: "succeeded" }),
            hint: previousSuccessRate === null ? undefined : `${formatRatio(previousSuccessRate)} before`,
          })}
        </StatTile>
        <StatTile label="Lateness p95" query={summary}>
          {({ latenessMs, totals }) => ({
            value: latenessMs.p95 === null ? "–" : formatDuration(latenessMs.p95),
            href: link({ status: "late" }),
            hint: `${formatNumber(totals.late)} late`,
          })}
        </StatTile>
        <StatTile label="Retries" query={summary}>
          {({ totals, previous }) => ({
            value: formatNumber(totals.retried),
            href: link(),
            delta: countDelta({ now: totals.retried, before: previous.retried, better: "down" }),
          })}
        </StatTile>
      </div>
      <div className="mb-4 grid gap-4 lg:grid-cols-2">
        <ChartTile
          title="Throughput by outcome"
          description="By scheduled time. Click a bar to open its executions."
          query={performance}
          bucketsOf={(data: Performance) => capBuckets(outcomeSeries(data), { max: HALF_WIDTH_BARS, merge: "sum" })}
          series={ENDS.map((key) => ({ key, label: OUTCOME_LABELS[key], color: OUTCOME_COLORS[key] }))}
          summary={() => (summary.data ? `${formatCounted(summary.data.totals.total, "execution")} ended.` : "")}
          format={formatNumber}
          drillHref={link()}
          draw={(buckets, height) => (
            <StackedBars
              buckets={buckets}
              series={ENDS.map((key) => ({ key, label: OUTCOME_LABELS[key], color: OUTCOME_COLORS[key] }))}
              height={height}
              onSelect={({ at, end }) => router.push(link({ range: serializeRange({ from: at, to: end }) }))}
            />
          )}
        />
        <ChartTile
          title="Success rate"
          description={`Share of ended executions that succeeded; the dashed line is the ${formatRatio(TARGET)} target`}
          query={performance}
          bucketsOf={ratioSeries}
          series={[{ key: "ratio" as const, label: "Succeeded", color: OUTCOME_COLORS.succeeded }]}
          summary={() =>
            typeof summary.data?.successRate === "number" ? `${formatRatio(summary.data.successRate)} succeeded.` : ""
          }
          format={formatRatio}
          drillHref={link({ status: "dead,expired" })}
          draw={(buckets, height) => <RatioLine buckets={buckets} target={TARGET} label="Succeeded" height={height} />}
        />
        {percentileTile("latenessMs", "Lateness", "From the scheduled time to the acknowledgement by the bus")}
        {percentileTile("publishMs", "Publish duration", "Time until the bus acknowledged the event")}
        <ChartTile
          title="Retries and skips"
          description="Attempts after the first, and skipped executions"
          query={performance}
          bucketsOf={(data: Performance) => capBuckets(retrySeries(data), { max: HALF_WIDTH_BARS, merge: "sum" })}
          series={RETRIES}
          summary={() =>
            summary.data
              ? `${formatNumber(summary.data.totals.retried)} retries, ${formatNumber(summary.data.totals.skipped)} skipped.`
              : ""
          }
          format={formatNumber}
          drillHref={link({ status: "skipped" })}
          draw={(buckets, height) => <StackedBars buckets={buckets} series={RETRIES} height={height} />}
        />
      </div>
      <RankedTiles query={summary} link={link} />
    </>
  );
}

const RETRIES = [
  { key: "retried" as const, label: "Retries", color: OUTCOME_COLORS.retrying },
  { key: "skipped" as const, label: "Skipped", color: OUTCOME_COLORS.skipped },
];

function percentileText(percentiles: { p50: number | null; p95: number | null; p99: number | null } | undefined) {
  if (!percentiles || percentiles.p50 === null) return "";
  return PERCENTILES.map((key) => `${key} ${formatDuration(percentiles[key] ?? 0)}`).join(", ");
}
