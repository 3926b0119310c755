"use client";

import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useRef, useState } from "react";
import { ALL_EXECUTION_COLUMNS, executionTitle } from "~/components/executions/columns";
import { bucketSecondsFor } from "~/components/executions/histogram";
import { HistogramChart } from "~/components/executions/histogram-chart";
import { rememberNeighbours } from "~/components/executions/neighbours";
import { RANGE_PRESETS, resolveRange } from "~/components/filters/time-range";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { LoadError } from "~/components/queries/load-error";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { CursorPager } from "~/components/tables/cursor-pager";
import { DataTable } from "~/components/tables/data-table";
import { useHeldRows } from "~/components/tables/held-rows";
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
const AS_IT_RUNS = { cancelRefetch: false };
const rowId = (row: ExecutionRow) => row.executionId;

/** Executions of all schedules within a time range. All state is in the URL. */
export function ExecutionsClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(executionParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const step: SetParams = (values) => void setParams(values, { history: "push", scroll: true });
  const cameFrom = useRef(new Map<string, string | null>());
  const [engaged, setEngaged] = useState(false);

  const nowMs = useNow(MINUTE_MS);
  const input = executionListInput(params, nowMs);
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  const range = useMemo(() => resolveRange(params.range, nowMs + MINUTE_MS), [params.range, nowMs]);
  const bucketSeconds = bucketSecondsFor(range.to - range.from);
  const histogram = useQuery(
    trpc.executions.histogram.queryOptions({ ...executionFilter(params, nowMs), bucketSeconds }, KEEP_PREVIOUS),
  );
  const refresh = () => {
    void list.refetch(AS_IT_RUNS);
    void histogram.refetch(AS_IT_RUNS);
  };
  const live = useLiveRefresh({ refresh });
  // The minute that a moving range begins at is no other list.
  const held = useHeldRows({
    rows: list.data?.items,
    listKey: JSON.stringify({ ...input, from: null, range: params.range }),
    engaged,
    id: rowId,
  });
  const nextCursor = list.data?.nextCursor ?? null;
  const filtered = activeFilters(params, () => {}).length > 0;
  const open = (row: ExecutionRow) => {
    rememberNeighbours({
      ids: (held.rows ?? []).map(rowId),
      back: window.location.pathname + window.location.search,
    });
    router.push(`/executions/${row.executionId}`);
  };

  return (
    <>
      <PageHeader title="Executions" />
      <ExecutionFilters
        params={params}
        set={set}
        end={
          <LiveIndicator
            paused={live.paused}
            onPausedChange={live.setPaused}
            stale={live.stale}
            updatedAt={list.dataUpdatedAt || null}
          />
        }
      />
      <div className="mb-4">
        <HistogramChart
          query={histogram}
          range={range}
          nowMs={nowMs}
          bucketSeconds={bucketSeconds}
          onNarrow={(bar) => step({ range: bar, cursor: null })}
        />
      </div>
      <div aria-live="polite" className="flex justify-center">
        {held.fresh > 0 ? (
          <Button size="sm" className="mb-2" onClick={held.show}>
            {held.fresh} new, show
          </Button>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the reader is among the rows */}
      <div
        onPointerEnter={() => setEngaged(true)}
        onPointerLeave={() => setEngaged(false)}
        onFocus={() => setEngaged(true)}
        onBlur={() => setEngaged(false)}
      >
        <DataTable
          caption="Executions, newest first"
          columns={ALL_EXECUTION_COLUMNS}
          rows={held.rows}
          rowId={rowId}
          rowLabel={executionTitle}
          onOpen={open}
          refreshing={list.isPlaceholderData}
          error={
            list.error ? (
              <LoadError
                error={list.error}
                title="The executions could not be loaded"
                onRetry={() => void list.refetch()}
                retrying={list.isFetching}
              />
            ) : null
          }
          empty={
            filtered ? (
              <EmptyState
                title="No execution matches"
                action={<Button onClick={() => set(NO_FILTERS)}>Clear filters</Button>}
              >
                The filters leave nothing over in this range.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<ListChecks />}
                title="Nothing ran in this range"
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
          keyboard
        />
      </div>
      {list.data && (list.data.items.length > 0 || params.cursor !== null) ? (
        <CursorPager
          shown={list.data.items.length}
          total={list.data.total}
          totalCapped={!list.data.totalIsExact}
          noun="executions"
          loading={list.isPlaceholderData}
          onPrevious={
            params.cursor === null
              ? undefined
              : () => step({ cursor: cameFrom.current.get(params.cursor ?? "") ?? null })
          }
          onNext={
            nextCursor === null
              ? undefined
              : () => {
                  cameFrom.current.set(nextCursor, params.cursor);
                  step({ cursor: nextCursor });
                }
          }
        />
      ) : null}
    </>
  );
}
