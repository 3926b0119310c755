"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";
import { FacetSelect } from "./facet-select";

/** The topics, tags and sources of all schedules. Cached for a minute, because these values change rarely. */
export function useScheduleFacets() {
  const trpc = useTRPC();
  return useQuery(trpc.schedules.facets.queryOptions(undefined, { staleTime: 60_000 }));
}

/** Filters by topics that schedules have. */
export function TopicSelect({
  value,
  onChange,
  multiple,
}: {
  value: readonly string[];
  onChange: (topics: string[]) => void;
  multiple?: boolean;
}) {
  const facets = useScheduleFacets();
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
