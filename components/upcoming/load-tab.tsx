"use client";

import { LoadError } from "~/components/queries/load-error";
import { LastKnown, type TileQuery } from "~/components/queries/query-tile";
import type { RouterOutputs } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { Skeleton } from "~/components/ui/skeleton";
import { ClockChanges } from "./clock-changes";
import { CrowdedMinutes, type LoadFilter } from "./crowded-minutes";
import { LoadChart } from "./load-chart";
import type { LoadGroupingProps } from "./load-grouping";
import { LoadTiles } from "./load-tiles";
import { TagHeatmap } from "./tag-heatmap";
import { coverageText } from "./words";

/** The expected load of the range: totals, chart or heat map, clock changes and crowded minutes, all from one query. */
export function LoadTab({
  query,
  filter,
  by,
  hrefOfTag,
  onRange,
}: {
  query: TileQuery<RouterOutputs["upcoming"]["load"]> & { isPlaceholderData: boolean };
  /** The part of the query's input that selects the schedules. */
  filter: LoadFilter;
  by: LoadGroupingProps;
  /** The page for a tag and a range, epoch ms. */
  hrefOfTag: (tag: string, range: { from: number; to: number }) => string;
  onRange: (range: { from: number; to: number }) => void;
}) {
  const { data } = query;
  if (data === undefined) {
    if (query.error) {
      return (
        <LoadError
          error={query.error}
          title="The expected load could not be computed"
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
        />
      );
    }
    return <LoadSkeleton />;
  }
  const coverageNote = coverageText(data.coverage);
  return (
    <div className="flex flex-col gap-4">
      {query.error ? <LastKnown query={query} /> : null}
      {coverageNote ? <Callout tone="warning">{coverageNote}</Callout> : null}
      <LoadTiles load={data} />
      {by.value === "tag" ? (
        <TagHeatmap load={data} refreshing={query.isPlaceholderData} by={by} hrefOf={hrefOfTag} />
      ) : (
        <LoadChart load={data} refreshing={query.isPlaceholderData} by={by} onRange={onRange} />
      )}
      <ClockChanges changes={data.clockChanges} />
      <CrowdedMinutes load={data} filter={filter} />
      <p className="text-subtle text-xs">
        Computed from the recorded schedules. Paused schedules are not counted. Jitter counts as evenly spread over its
        window.
      </p>
    </div>
  );
}

function LoadSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-busy>
      <span role="status" className="sr-only">
        Loading
      </span>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["a", "b", "c", "d"].map((tile) => (
          <Skeleton key={tile} className="h-24 w-full" />
        ))}
      </div>
      <Skeleton className="h-80 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
