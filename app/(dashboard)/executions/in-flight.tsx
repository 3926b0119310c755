"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { IN_FLIGHT_COLUMNS } from "~/components/executions/in-flight-columns";
import { OpenExecution } from "~/components/executions/open-execution";
import { ActiveFilters, ClearFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { TopicSelect } from "~/components/filters/topic-select";
import { undefinedIfEmpty } from "~/components/filters/undefined-if-empty";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { NameOfSchedule } from "~/components/schedules/name-of-schedule";
import { ExportMenu } from "~/components/tables/export-menu";
import { PinnedTable } from "~/components/tables/pinned-table";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { formatNumber } from "~/components/ui/format";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { OutcomeIcon } from "~/components/ui/outcome-badge";
import type { InFlightExecution, InFlightPage } from "~/server/domain/views";
import type { SetParams } from "./filters";
import { type ExecutionParams, IN_FLIGHT_STATES, inFlightInput } from "./search-params";

const STATES = IN_FLIGHT_STATES.map((value) => ({
  value,
  label: OUTCOME_LABELS[value],
  icon: <OutcomeIcon outcome={value} />,
}));
const CLEARED = { state: null, topic: null, schedule: null };

/** The executions that have not ended: running, waiting for a retry or a worker, or held. */
export function InFlight({
  params,
  set,
  navigate,
  onOpen,
}: {
  params: ExecutionParams;
  set: SetParams;
  /** Like `set`, but adds an entry to the browser's history. */
  navigate: SetParams;
  onOpen: (row: InFlightExecution) => void;
}) {
  const trpc = useTRPC();
  const query = useQuery(trpc.executions.inFlight.queryOptions(inFlightInput(params), KEEP_PREVIOUS));
  const live = useLiveRefresh({ refresh: () => void query.refetch(KEEP_PENDING_REQUEST) });
  const { state, topic, schedule } = params;
  const isFilteredInBar = state.length > 0 || topic.length > 0;
  // The bar has no control for the schedule.
  const filters = [
    schedule !== null && {
      id: "schedule",
      label: "Schedule",
      value: <NameOfSchedule scheduleId={schedule} />,
      onRemove: () => navigate({ schedule: null }),
    },
  ].filter((filter) => filter !== false);
  return (
    <>
      <FilterBar
        end={
          <>
            <LiveIndicator live={live} updatedAt={query.dataUpdatedAt} />
            <ExportMenu path="/admin/executions/in-flight/export" filter={inFlightInput(params)} />
          </>
        }
      >
        <FacetSelect
          label="State"
          options={STATES}
          value={state}
          onChange={(next) => navigate({ state: undefinedIfEmpty(next) ?? null })}
        />
        <TopicSelect multiple={false} value={topic.slice(0, 1)} onChange={(next) => navigate({ topic: next })} />
        {isFilteredInBar && filters.length === 0 ? <ClearFilters onClearAll={() => navigate(CLEARED)} /> : null}
      </FilterBar>
      <div className="mb-3 empty:hidden">
        <ActiveFilters filters={filters} onClearAll={() => navigate(CLEARED)} />
      </div>
      <Counts page={query.data} />
      <PinnedTable
        query={query}
        listKey={JSON.stringify(inFlightInput(params))}
        rows={query.data?.items}
        noun="execution"
        caption="Executions in flight: running ones first, then by due time"
        columns={IN_FLIGHT_COLUMNS}
        rowId={(row) => row.executionId}
        rowLabel={displayName}
        onOpen={onOpen}
        empty={
          isFilteredInBar || filters.length > 0 ? (
            <EmptyState
              title="No execution in flight matches"
              action={<Button onClick={() => navigate(CLEARED)}>Clear filters</Button>}
            />
          ) : (
            <EmptyState icon={<CircleCheck />} title="Nothing is in flight">
              Executions appear here while they are running, waiting for a retry or a worker, or held because the
              breaker of their topic is open.
            </EmptyState>
          )
        }
      />
      <OpenExecution
        executionId={params.open}
        rows={query.data?.items}
        onMove={(open) => set({ open })}
        onClose={() => set({ open: null })}
      />
    </>
  );
}

function Counts({ page }: { page: InFlightPage | undefined }) {
  if (page === undefined) return null;
  const { running, waiting, held } = page.counts;
  const shown = formatNumber(page.items.length);
  return (
    <p className="mb-3 text-muted text-sm">
      Total: {formatNumber(running)} running, {formatNumber(waiting)} retrying or pending, {formatNumber(held)} held.
      {page.isComplete
        ? null
        : ` The table shows ${shown} of them. Filter by state, topic or schedule to see the others.`}
    </p>
  );
}
