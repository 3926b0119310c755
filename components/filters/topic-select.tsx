"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";
import { FacetSelect } from "./facet-select";
import { useIsApproached } from "./filter-bar";

/**
 * The topics, tags, sources and entity types of schedules, at most 200 each. Loaded only if `wanted`, because counting
 * reads every schedule.
 */
export function useScheduleFacets(wanted: boolean) {
  const trpc = useTRPC();
  return useQuery(trpc.schedules.facets.queryOptions(undefined, { staleTime: 60_000, enabled: wanted }));
}

/** Filters by topics that schedules have. The topics are loaded when the pointer or the focus reaches the filters. */
export function TopicSelect({
  value,
  onChange,
  multiple,
}: {
  value: readonly string[];
  onChange: (topics: string[]) => void;
  multiple?: boolean;
}) {
  const facets = useScheduleFacets(useIsApproached());
  return (
    <FacetSelect
      label="Topic"
      options={(facets.data?.topics ?? []).map((topic) => ({ value: topic.value, label: topic.value }))}
      multiple={multiple}
      value={value}
      onChange={onChange}
      loading={facets.isPending}
      failed={facets.isError}
    />
  );
}
