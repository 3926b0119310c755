"use client";

import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useMemo, useState } from "react";
import { ALL_EXECUTION_COLUMNS } from "~/components/executions/columns";
import { HistogramChart } from "~/components/executions/histogram-chart";
import { OpenExecution } from "~/components/executions/open-execution";
import { RANGE_PRESETS, resolveRange } from "~/components/filters/time-range";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { NoSchedulesYet } from "~/components/schedules/no-schedules-yet";
import type { Column } from "~/components/tables/column";
import { ColumnMenu } from "~/components/tables/column-menu";
import { ExportMenu } from "~/components/tables/export-menu";
import { LiveList } from "~/components/tables/live-list";
import { SavedViews } from "~/components/tables/saved-views";
import { useColumns } from "~/components/tables/use-columns";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { useNow } from "~/components/ui/now";
import type { ExecutionRow } from "~/server/domain/views";
import { ExecutionFilters, isFiltered, type SetParams } from "./filters";
import {
  type ExecutionParams,
  executionFilter,
  executionListInput,
  type HistoryParams,
  histogramInput,
  NO_FILTERS,
} from "./search-params";

const MINUTE_MS = 60_000;
const SORTABLE = new Set(["scheduledFor", "lateness"]);
/** Marks the columns by which the server can sort, and puts the outcome into the corner of a card. */
export const historyColumns = (columns: readonly Column<ExecutionRow>[]): readonly Column<ExecutionRow>[] =>
  columns.map((column) => ({
    ...column,
    sortable: SORTABLE.has(column.id),
    card: column.id === "outcome" ? "corner" : column.card,
  }));
const HISTORY_COLUMNS = historyColumns(ALL_EXECUTION_COLUMNS);
type SetListParams = (
  values: {
    [Name in "range" | "sort" | "cursor" | "open"]?: ExecutionParams[Name] | null;
  },
) => void;
const rowId = (row: ExecutionRow) => row.executionId;

/** Loads the list and the histogram of a range. `exportFilter` is the list's filter without paging. */
export function useHistory(params: HistoryParams) {
  const trpc = useTRPC();
  const nowMs = useNow(MINUTE_MS);
  const input = executionListInput(params, nowMs);
  const { cursor: _c, limit: _l, ...exportFilter } = input;
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  // `nowMs` is up to a minute old, and the histogram must include the executions of that minute.
  const range = useMemo(() => resolveRange(params.range, nowMs + MINUTE_MS), [params.range, nowMs]);
  const histogramQuery = histogramInput(params, nowMs);
  const { bucketSeconds } = histogramQuery;
  const histogram = useQuery(trpc.executions.histogram.queryOptions(histogramQuery, KEEP_PREVIOUS));
  // The start of a relative range moves every minute, so the key contains the range instead of `from`.
  const listKey = JSON.stringify({ ...input, from: null, range: params.range });
  return { list, histogram, range, nowMs, bucketSeconds, exportFilter, listKey };
}

/** Ended executions of all schedules within a time range. */
export function History({
  params,
  set,
  navigate,
  onOpen,
}: {
  params: ExecutionParams;
  set: SetParams;
  /** Like `set`, but adds an entry to the browser's history. */
  navigate: SetParams;
  onOpen: (row: ExecutionRow) => void;
}) {
  const trpc = useTRPC();
  const history = useHistory(params);
  const { list, histogram, nowMs } = history;
  const { columns, settings, onResize } = useColumns("executions", HISTORY_COLUMNS);
  const [wantsFacets, setWantsFacets] = useState(false);
  // Not loaded before the pointer or the focus is at the filters, because the counts cost more than the list.
  const facets = useQuery(
    trpc.executions.facets.queryOptions(executionFilter(params, nowMs), {
      ...KEEP_PREVIOUS,
      // A chosen schedule needs the facets at once, because they contain its name.
      enabled: wantsFacets || params.schedule !== null,
      staleTime: MINUTE_MS,
    }),
  );
  const refresh = () => {
    void list.refetch(KEEP_PENDING_REQUEST);
    void histogram.refetch(KEEP_PENDING_REQUEST);
  };
  const live = useLiveRefresh({ refresh, busy: params.open !== null });

  return (
    <>
      <ExecutionFilters
        params={params}
        set={set}
        navigate={navigate}
        facets={facets}
        onFacetsWanted={() => setWantsFacets(true)}
        end={
          <>
            <LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />
            <SavedViews list="executions" />
            <ColumnMenu settings={settings} />
            <ExportMenu
              path="/admin/executions/export"
              filter={history.exportFilter}
              disabled={list.data?.items.length === 0}
            />
          </>
        }
      />
      <HistoryList
        history={history}
        params={params}
        set={set}
        navigate={navigate}
        onOpen={onOpen}
        columns={columns}
        onResize={onResize}
        rowLabel={displayName}
        onClear={isFiltered(params) ? () => navigate(NO_FILTERS) : undefined}
      />
    </>
  );
}

/** The histogram of a range above its executions, and the side sheet of the open execution. */
export function HistoryList({
  history,
  params,
  set,
  navigate,
  onOpen,
  columns,
  onResize,
  caption = params.sort === "lateness" ? "Executions, longest lateness first" : "Executions, newest first",
  rowLabel,
  onClear,
}: {
  history: ReturnType<typeof useHistory>;
  params: Pick<ExecutionParams, "range" | "sort" | "cursor" | "open">;
  set: SetListParams;
  navigate: SetListParams;
  onOpen: (row: ExecutionRow) => void;
  columns: readonly Column<ExecutionRow>[];
  onResize: (id: string, px: number | null) => void;
  caption?: string;
  rowLabel?: (row: ExecutionRow) => string;
  /** Removes the filters; undefined if there are none. */
  onClear: (() => void) | undefined;
}) {
  return (
    <>
      <div className="mb-4 empty:hidden">
        <HistogramChart
          query={history.histogram}
          range={history.range}
          nowMs={history.nowMs}
          bucketSeconds={history.bucketSeconds}
          onNarrow={(bar) => navigate({ range: bar, cursor: null })}
        />
      </div>
      <LiveList
        query={history.list}
        noun="execution"
        pages={{ cursor: params.cursor, goTo: (cursor) => navigate({ ...params, cursor }) }}
        listKey={history.listKey}
        caption={caption}
        columns={columns}
        onResize={onResize}
        sort={{ id: params.sort === "lateness" ? "lateness" : "scheduledFor", desc: true }}
        onSortChange={({ id }) => navigate({ sort: id === "lateness" ? "lateness" : null, cursor: null })}
        rowId={rowId}
        rowLabel={rowLabel}
        onOpen={onOpen}
        empty={
          onClear ? (
            <EmptyState title="No execution matches" action={<Button onClick={onClear}>Clear filters</Button>}>
              No execution in this range matches the filters.
            </EmptyState>
          ) : (
            <NoSchedulesYet text="Executions appear here after a schedule fires.">
              <EmptyState
                icon={<ListChecks />}
                title="No executions in this range"
                action={
                  "preset" in params.range && params.range.preset === "30d" ? undefined : (
                    <Button onClick={() => navigate({ range: { preset: "30d" }, cursor: null })}>
                      Show the {RANGE_PRESETS["30d"].label.toLowerCase()}
                    </Button>
                  )
                }
              >
                Executions appear here after a schedule fires.
              </EmptyState>
            </NoSchedulesYet>
          )
        }
      />
      <OpenExecution
        executionId={params.open}
        rows={history.list.data?.items}
        onMove={(open) => set({ open })}
        onClose={() => set({ open: null })}
      />
    </>
  );
}
