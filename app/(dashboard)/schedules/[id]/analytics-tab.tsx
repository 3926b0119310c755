"use client";

import { useQueryState } from "nuqs";
import { AnalyticsTiles } from "~/components/analytics/analytics-tiles";
import { FilterBar } from "~/components/filters/filter-bar";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { analyticsInput, executionsHref } from "../../analytics/search-params";
import { detailParsers } from "./search-params";

/** The charts of the analytics page for one schedule. */
export function AnalyticsTab({ schedule }: { schedule: ShownSchedule }) {
  const [range, setRange] = useQueryState("range", detailParsers.range);
  const params = { range, topic: null, source: null, schedule: schedule.scheduleId };
  return (
    <>
      <FilterBar>
        <TimeRangePicker value={range} onChange={(next) => void setRange(next, { history: "push" })} />
      </FilterBar>
      <AnalyticsTiles ofOneSchedule input={analyticsInput(params)} link={(more) => executionsHref(params, more)} />
    </>
  );
}
