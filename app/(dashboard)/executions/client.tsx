"use client";

import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { ALL_EXECUTION_COLUMNS } from "~/components/executions/columns";
import { bucketSecondsFor } from "~/components/executions/histogram";
import { HistogramChart } from "~/components/executions/histogram-chart";
import { rememberNeighbours } from "~/components/executions/neighbours";
import { RANGE_PRESETS, resolveRange } from "~/components/filters/time-range";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { LiveList } from "~/components/tables/live-list";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import type { ExecutionRow } from "~/server/domain/views";
import { activeFilters, ExecutionFilters, type SetParams } from "./filters";
import { executionFilter, executionListInput, executionParsers, NO_FILTERS } from "./search-params";

const MINUTE_MS = 60_000;
const KEEP_PENDING_REQUEST = { cancelRefetch: false };
const rowId = (row: ExecutionRow) => row.executionId;

/** Executions of all schedules within a time range. All state is in the URL. */
export function ExecutionsClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(executionParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const navigate: SetParams = (values) => void setParams(values, { history: "push", scroll: true });

  const nowMs = useNow(MINUTE_MS);
  const input = executionListInput(params, nowMs);
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  const range = useMemo(() => resolveRange(params.range, nowMs + MINUTE_MS), [params.range, nowMs]);
  const bucketSeconds = bucketSecondsFor(range.to - range.from);
  const histogram = useQuery(
    trpc.executions.histogram.queryOptions({ ...executionFilter(params, nowMs), bucketSeconds }, KEEP_PREVIOUS),
  );
  const refresh = () => {
    void list.refetch(KEEP_PENDING_REQUEST);
    void histogram.refetch(KEEP_PENDING_REQUEST);
  };
  const live = useLiveRefresh({ refresh });
  // A relative range such as "last hour" moves every minute, but the list stays the same.
  const listKey = JSON.stringify({ ...input, from: null, range: params.range });
  const filtered = activeFilters(params, () => {}).length > 0;
  const open = (row: ExecutionRow, shown: readonly ExecutionRow[]) => {
    rememberNeighbours({
      ids: shown.map(rowId),
      back: window.location.pathname + window.location.search,
    });
    router.push(`/executions/${row.executionId}`);
  };

  return (
    <>
      <PageHeader title="Executions" />
      <ExecutionFilters params={params} set={set} end={<LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />} />
      <div className="mb-4">
        <HistogramChart
          query={histogram}
          range={range}
          nowMs={nowMs}
          bucketSeconds={bucketSeconds}
          onNarrow={(bar) => navigate({ range: bar, cursor: null })}
        />
      </div>
      <LiveList
        query={list}
        noun="execution"
        pages={{ cursor: params.cursor, goTo: (cursor) => navigate({ cursor }) }}
        listKey={listKey}
        caption="Executions, newest first"
        columns={ALL_EXECUTION_COLUMNS}
        rowId={rowId}
        rowLabel={displayName}
        onOpen={open}
        empty={
          filtered ? (
            <EmptyState
              title="No execution matches"
              action={<Button onClick={() => set(NO_FILTERS)}>Clear filters</Button>}
            >
              No execution in this range matches the filters.
            </EmptyState>
          ) : (
            <EmptyState
              icon={<ListChecks />}
              title="No executions in this range"
              action={
                "preset" in params.range && params.range.preset === "30d" ? undefined : (
                  <Button onClick={() => set({ range: { preset: "30d" }, cursor: null })}>
                    {RANGE_PRESETS["30d"].label}
                  </Button>
                )
              }
            />
          )
        }
      />
    </>
  );
}
