"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { AnalyticsTiles, REFRESH_MS } from "~/components/analytics/analytics-tiles";
import { ActiveFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLivePolling } from "~/components/queries/use-live-polling";
import { NameOfSchedule } from "~/components/schedules/name-of-schedule";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { PageHeader } from "~/components/ui/page-header";
import { SOURCES } from "~/server/domain/choices";
import { analyticsInput, analyticsParsers, executionsHref } from "./search-params";

const SOURCE_OPTIONS = SOURCES.map((value) => ({ value, label: SOURCE_LABELS[value] }));

/** Charts and totals of a time range. All filters are in the URL. */
export function AnalyticsClient() {
  const [params, setParams] = useQueryStates(analyticsParsers);
  const set = (values: { [Name in keyof typeof params]?: (typeof params)[Name] | null }) =>
    void setParams(values, { history: "push" });
  const trpc = useTRPC();
  const input = analyticsInput(params);
  const { live, refetchInterval } = useLivePolling(REFRESH_MS);
  // The tiles load and show this query. Here it only supplies the time of the last update.
  const { dataUpdatedAt } = useQuery(trpc.analytics.totals.queryOptions(input, KEEP_PREVIOUS));
  return (
    <>
      <PageHeader
        title="Analytics"
        actions={<LiveIndicator live={live} updatedAt={dataUpdatedAt} everyMs={REFRESH_MS} />}
      />
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
      <AnalyticsTiles input={input} link={(more) => executionsHref(params, more)} refetchInterval={refetchInterval} />
    </>
  );
}
