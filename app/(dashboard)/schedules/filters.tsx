"use client";

import { type ReactNode, useState } from "react";
import { type ActiveFilter, ActiveFilters, ClearFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { useScheduleFacets } from "~/components/filters/topic-select";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import { STATUS_LABELS, TIER_LABELS } from "~/components/ui/outcome";
import { SCHEDULE_STATUSES, TIERS } from "~/server/domain/choices";
import type { Source } from "~/server/domain/schedule";
import { NO_FILTERS, type ScheduleParams } from "./search-params";

/** Sets URL parameters: `set` replaces the history entry, `navigate` adds an entry. */
export type SetParams = (values: { [Name in keyof ScheduleParams]?: ScheduleParams[Name] | null }) => void;

const STATUS_OPTIONS = SCHEDULE_STATUSES.map((value) => ({ value, label: STATUS_LABELS[value] }));
const TIER_OPTIONS = TIERS.map((value) => ({ value, label: TIER_LABELS[value] }));

const sourceLabel = (value: string) => SOURCE_LABELS[value as Source] ?? value;

/** Search, facets and the active filters. Every change returns to the first page. */
export function ScheduleFilters({
  params,
  set,
  navigate,
  end,
}: {
  params: ScheduleParams;
  set: SetParams;
  navigate: SetParams;
  end: ReactNode;
}) {
  const [isApproached, setApproached] = useState(false);
  const facets = useScheduleFacets(isApproached);
  const facetState = { loading: facets.isPending, failed: facets.isError };
  const facetOptions = (values: readonly { value: string; count: number }[] | undefined) =>
    (values ?? []).map(({ value, count }) => ({ value, count, label: value }));
  // Until the facets are loaded, the options are the chosen sources, so that the control can show their labels.
  const sources = facets.data?.sources ?? params.source.map((value) => ({ value, count: undefined }));
  const update: SetParams = (values) => navigate({ ...values, cursor: null });
  const active = filtersBelowBar(params, update);
  const clear = () => navigate(NO_FILTERS);
  return (
    <>
      <FilterBar end={end} onApproach={() => setApproached(true)}>
        <SearchInput
          label="Search schedules"
          placeholder="Name, tag, id or correlation id"
          value={params.q}
          onChange={(q) => set({ q: q || null, cursor: null })}
          className="w-full sm:w-72"
        />
        {/* The Paused tab sets the status itself. */}
        {params.tab === "paused" ? null : (
          <FacetSelect
            label="Status"
            options={STATUS_OPTIONS}
            value={params.status}
            onChange={(status) => update({ status })}
          />
        )}
        <FacetSelect
          label="Tag"
          options={facetOptions(facets.data?.tags)}
          value={params.tag}
          onChange={(tag) => update({ tag })}
          {...facetState}
        />
        <FacetSelect
          label="Topic"
          options={facetOptions(facets.data?.topics)}
          value={params.topic}
          onChange={(topic) => update({ topic })}
          {...facetState}
        />
        <FacetSelect
          label="Source"
          options={sources.map(({ value, count }) => ({ value, count, label: sourceLabel(value) }))}
          value={params.source}
          onChange={(source) => update({ source: source as Source[] })}
          {...facetState}
        />
        <FacetSelect
          label="Tier"
          options={TIER_OPTIONS}
          multiple={false}
          value={params.tier ? [params.tier] : []}
          onChange={([tier]) => update({ tier: tier ?? null })}
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
function filtersBelowBar({ owner, cron, zone }: ScheduleParams, update: SetParams): ActiveFilter[] {
  const shown: (ActiveFilter | false)[] = [
    owner !== null && { id: "owner", label: "Owner", value: owner, onRemove: () => update({ owner: null }) },
    cron !== null && { id: "cron", label: "Cron", value: cron, onRemove: () => update({ cron: null }) },
    zone !== null && { id: "zone", label: "Time zone", value: zone, onRemove: () => update({ zone: null }) },
  ];
  return shown.filter((filter) => filter !== false);
}

/** Whether a control of the bar is set. */
function isFilteredInBar({ q, status, tag, topic, source, tier, tab }: ScheduleParams): boolean {
  const lists = [tab === "paused" ? [] : status, tag, topic, source];
  return q !== "" || tier !== null || lists.some((values) => values.length > 0);
}

/** Whether any filter is set. The tab does not count as a filter. */
export function isFiltered(params: ScheduleParams): boolean {
  return isFilteredInBar(params) || filtersBelowBar(params, () => {}).length > 0;
}
