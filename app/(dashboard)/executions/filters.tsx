"use client";

import type { ReactNode } from "react";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { weekHourText } from "~/components/executions/week-hour-text";
import { type ActiveFilter, ActiveFilters, ClearFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { displayName } from "~/components/schedules/display-name";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { endReasonLabel, errorClassLabel } from "~/components/ui/reasons";
import { SOURCES, TRIGGERS } from "~/server/domain/choices";
import type { ExecutionFacet, ExecutionFacets } from "~/server/domain/views";
import { type ExecutionParams, NO_FILTERS, OUTCOME_FILTERS } from "./search-params";

/** Sets URL parameters: `set` replaces the history entry, `navigate` adds an entry. */
export type SetParams = (values: { [Name in keyof ExecutionParams]?: ExecutionParams[Name] | null }) => void;

const STATES = OUTCOME_FILTERS.map((value) => ({ value, label: OUTCOME_LABELS[value] }));
const TRIGGER_OPTIONS = TRIGGERS.map((value) => ({ value, label: TRIGGER_LABELS[value] }));
const SOURCE_OPTIONS = SOURCES.map((value) => ({ value, label: SOURCE_LABELS[value] }));

/** Range, search, facets and the active filters. Every change returns to the first page. */
export function ExecutionFilters({
  params,
  set,
  navigate,
  facets,
  onFacetsWanted,
  end,
}: {
  params: ExecutionParams;
  set: SetParams;
  navigate: SetParams;
  /** The filters' options with counts. Until they are loaded, filters with fixed options work without counts. */
  facets: { data: ExecutionFacets | undefined; isPending: boolean; isError: boolean };
  /** Called when the user is about to open a filter. */
  onFacetsWanted: () => void;
  end: ReactNode;
}) {
  const update: SetParams = (values) => navigate({ ...values, cursor: null });
  const { data } = facets;
  const withCounts = <Option extends { value: string; label: string }>(
    options: readonly Option[],
    facet: ExecutionFacet,
  ) => {
    const counts = data?.[facet];
    if (!counts) return options;
    const countOf = new Map(counts.map(({ value, count }) => [value, count]));
    return options.map((option) => ({ ...option, count: countOf.get(option.value) ?? 0 }));
  };
  const facetOptions = (facet: ExecutionFacet, label: (value: string) => string) =>
    (data?.[facet] ?? []).map((one) => ({ value: one.value, label: one.label ?? label(one.value), count: one.count }));
  const facetState = (facet: ExecutionFacet) => ({
    loading: facets.isPending,
    failed: facets.isError || (data !== undefined && data[facet] === null),
  });
  const active = filtersBelowBar(params, update);
  const clear = () => navigate(NO_FILTERS);
  return (
    <>
      <FilterBar end={end} onApproach={onFacetsWanted}>
        <TimeRangePicker value={params.range} onChange={(range) => update({ range })} />
        <SearchInput
          label="Search executions"
          placeholder="Schedule, id or error"
          value={params.q}
          onChange={(q) => set({ q: q || null, cursor: null })}
          className="w-full sm:w-64"
        />
        <FacetSelect
          label="Outcome"
          options={withCounts(STATES, "status")}
          value={params.status}
          onChange={(status) => update({ status })}
        />
        <FacetSelect
          label="Schedule"
          multiple={false}
          options={facetOptions("schedule", (id) => displayName({ scheduleId: id }))}
          value={params.schedule === null ? [] : [params.schedule]}
          onChange={([schedule]) => update({ schedule: schedule ?? null })}
          {...facetState("schedule")}
        />
        <FacetSelect
          label="Topic"
          options={facetOptions("topic", (topic) => topic)}
          value={params.topic}
          onChange={(topic) => update({ topic })}
          {...facetState("topic")}
        />
        <FacetSelect
          label="Error class"
          multiple={false}
          options={facetOptions("errorClass", errorClassLabel)}
          value={params.error === null ? [] : [params.error]}
          onChange={([error]) => update({ error: error ?? null })}
          {...facetState("errorClass")}
        />
        <FacetSelect
          label="Trigger"
          options={withCounts(TRIGGER_OPTIONS, "trigger")}
          value={params.trigger}
          onChange={(trigger) => update({ trigger })}
        />
        <FacetSelect
          label="Source"
          options={withCounts(SOURCE_OPTIONS, "source")}
          value={params.source}
          onChange={(source) => update({ source })}
        />
        {isFilteredInBar(params) && active.length === 0 ? <ClearFilters onClearAll={clear} /> : null}
      </FilterBar>
      <div className="mb-3 empty:hidden">
        <ActiveFilters filters={active} onClearAll={clear} />
      </div>
    </>
  );
}

/** The active filters that the bar has no control for. */
function filtersBelowBar(params: ExecutionParams, update: SetParams): ActiveFilter[] {
  const { shape, reason, retried, correlation, weekday, hour, zone } = params;
  const shown: (ActiveFilter | false)[] = [
    shape !== null && { id: "shape", label: "Error", value: shape, onRemove: () => update({ shape: null }) },
    reason !== null && {
      id: "reason",
      label: "Reason",
      value: endReasonLabel(reason),
      onRemove: () => update({ reason: null }),
    },
    retried !== null && {
      id: "retried",
      label: "Retried",
      value: retried ? "yes" : "no",
      onRemove: () => update({ retried: null }),
    },
    correlation !== null && {
      id: "correlation",
      label: "Correlation id",
      value: correlation,
      onRemove: () => update({ correlation: null }),
    },
    (weekday !== null || hour !== null) && {
      id: "week",
      label: weekday === null ? "Hour" : hour === null ? "Weekday" : "Weekday and hour",
      value: `${weekHourText({ weekday, hour }, { zone: zone ?? "UTC", nowMs: Date.now() })}, ${zone ?? "UTC"}`,
      onRemove: () => update({ weekday: null, hour: null, zone: null }),
    },
  ];
  return shown.filter((filter) => filter !== false);
}

/** Whether a control of the bar is set, apart from the range. */
function isFilteredInBar({ q, status, schedule, topic, error, trigger, source }: ExecutionParams): boolean {
  const lists = [status, topic, trigger, source];
  return q !== "" || schedule !== null || error !== null || lists.some((values) => values.length > 0);
}

/** Whether any filter is set, apart from the range. */
export function isFiltered(params: ExecutionParams): boolean {
  return isFilteredInBar(params) || filtersBelowBar(params, () => {}).length > 0;
}
