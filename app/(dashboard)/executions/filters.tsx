"use client";

import type { ReactNode } from "react";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { type ActiveFilter, ActiveFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { NameOfSchedule } from "~/components/schedules/name-of-schedule";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { SOURCES, TRIGGERS } from "~/server/domain/choices";
import { EXECUTION_STATES, type ExecutionParams, NO_FILTERS } from "./search-params";

export type SetParams = (values: { [Name in keyof ExecutionParams]?: ExecutionParams[Name] | null }) => void;

const STATES = EXECUTION_STATES.map((value) => ({ value, label: OUTCOME_LABELS[value] }));
const TRIGGER_OPTIONS = TRIGGERS.map((value) => ({ value, label: TRIGGER_LABELS[value] }));
const SOURCE_OPTIONS = SOURCES.map((value) => ({ value, label: SOURCE_LABELS[value] }));

/** Range, search, facets and the active filters. Every change returns to the first page. */
export function ExecutionFilters({ params, set, end }: { params: ExecutionParams; set: SetParams; end: ReactNode }) {
  const update: SetParams = (values) => set({ ...values, cursor: null });
  return (
    <>
      <FilterBar end={end}>
        <TimeRangePicker value={params.range} onChange={(range) => update({ range })} />
        <SearchInput
          label="Search executions"
          placeholder="Schedule, id, correlation id, error"
          value={params.q}
          onChange={(q) => update({ q: q || null })}
          className="w-full sm:w-64"
        />
        <FacetSelect label="Outcome" options={STATES} value={params.status} onChange={(status) => update({ status })} />
        <TopicSelect value={params.topic} onChange={(topic) => update({ topic })} />
        <FacetSelect
          label="Trigger"
          options={TRIGGER_OPTIONS}
          value={params.trigger}
          onChange={(trigger) => update({ trigger })}
        />
        <FacetSelect
          label="Source"
          options={SOURCE_OPTIONS}
          value={params.source}
          onChange={(source) => update({ source })}
        />
      </FilterBar>
      <div className="mb-3 empty:hidden">
        <ActiveFilters filters={activeFilters(params, update)} onClearAll={() => set(NO_FILTERS)} />
      </div>
    </>
  );
}

/** The active filters, except for the range. */
export function activeFilters(params: ExecutionParams, update: SetParams): ActiveFilter[] {
  const { q, status, topic, trigger, source, schedule, error } = params;
  const listFilter = (id: "status" | "topic" | "trigger" | "source", label: string, values: readonly string[]) =>
    values.length > 0 && { id, label, value: values.join(", "), onRemove: () => update({ [id]: null }) };
  const shown: (ActiveFilter | false)[] = [
    q !== "" && { id: "q", label: "Search", value: q, onRemove: () => update({ q: null }) },
    schedule !== null && {
      id: "schedule",
      label: "Schedule",
      value: <NameOfSchedule scheduleId={schedule} />,
      onRemove: () => update({ schedule: null }),
    },
    listFilter(
      "status",
      "Outcome",
      status.map((one) => OUTCOME_LABELS[one]),
    ),
    listFilter("topic", "Topic", topic),
    listFilter(
      "trigger",
      "Trigger",
      trigger.map((one) => TRIGGER_LABELS[one]),
    ),
    listFilter(
      "source",
      "Source",
      source.map((one) => SOURCE_LABELS[one]),
    ),
    error !== null && { id: "error", label: "Error class", value: error, onRemove: () => update({ error: null }) },
  ];
  return shown.filter((filter) => filter !== false);
}
