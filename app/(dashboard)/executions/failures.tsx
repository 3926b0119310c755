"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, RotateCcw } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "~/components/access/may";
import type { DecideTarget } from "~/components/executions/decide-dialog";
import { FAILURE_COLUMNS, failureKey } from "~/components/executions/failure-columns";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { type ActiveFilter, ActiveFilters } from "~/components/filters/active-filters";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { TopicSelect } from "~/components/filters/topic-select";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { SOURCE_LABELS } from "~/components/schedules/source-labels";
import type { Column } from "~/components/tables/column";
import { ExportMenu } from "~/components/tables/export-menu";
import { PinnedTable } from "~/components/tables/pinned-table";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { formatNumber } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import type { FailureGroup } from "~/server/domain/views";
import type { SetParams } from "./filters";
import {
  type ExecutionParams,
  failureGroupFilter,
  failureGroupParams,
  failuresInput,
  NO_FILTERS,
} from "./search-params";

const MINUTE_MS = 60_000;

// Loaded on first use, to keep it out of the page's bundle.
const DecideDialog = dynamic(() =>
  import("~/components/executions/decide-dialog").then((module) => module.DecideDialog),
);

/** Whether a filter can select exactly this group. A filter without a shape also selects other errors of the class. */
const isSelectable = ({ errorClass, shape }: FailureGroup) => errorClass !== null && shape !== "";

/** Dead executions of a time range, grouped by error. A row opens its executions; Replay replays its dead letters. */
export function Failures({ params, set, navigate }: { params: ExecutionParams; set: SetParams; navigate: SetParams }) {
  const trpc = useTRPC();
  const nowMs = useNow(MINUTE_MS);
  const input = failuresInput(params, nowMs);
  const query = useQuery(trpc.executions.failures.queryOptions(input, KEEP_PREVIOUS));
  const [target, setTarget] = useState<DecideTarget | null>(null);
  const live = useLiveRefresh({ refresh: () => void query.refetch(KEEP_PENDING_REQUEST), busy: target !== null });
  const mayDecide = useMay()("dead_letters:decide");
  const belowBar = filtersBelowBar(params, navigate);
  const isFiltered = params.q !== "" || params.topic.length > 0 || belowBar.length > 0;
  const replayColumn: Column<FailureGroup> = {
    id: "replay",
    header: "Replay",
    hideHeader: true,
    align: "right",
    cell: (group) =>
      group.open === 0 || !isSelectable(group) ? null : (
        <Button
          size="sm"
          icon={<RotateCcw aria-hidden />}
          onClick={() => setTarget({ filter: failureGroupFilter(group, params, nowMs) })}
        >
          Replay {formatNumber(group.open)}
        </Button>
      ),
  };
  return (
    <>
      <FilterBar
        end={
          <>
            <LiveIndicator live={live} updatedAt={query.dataUpdatedAt} />
            <ExportMenu path="/admin/executions/failures/export" filter={input} />
          </>
        }
      >
        <TimeRangePicker value={params.range} onChange={(range) => navigate({ range })} />
        <SearchInput
          label="Search dead executions"
          placeholder="Schedule, id or error"
          value={params.q}
          onChange={(q) => set({ q: q || null })}
          className="w-full sm:w-64"
        />
        <TopicSelect value={params.topic} onChange={(topic) => navigate({ topic })} />
      </FilterBar>
      <div className="mb-3 empty:hidden">
        <ActiveFilters filters={belowBar} onClearAll={() => navigate(NO_FILTERS)} />
      </div>
      {query.data?.isComplete === false ? (
        <p className="mb-3 text-muted text-sm">
          Not all dead executions of this range are shown. For a complete list, choose a shorter range or one topic.
        </p>
      ) : null}
      <PinnedTable
        query={query}
        // The start of a relative range moves every minute, so the key contains the range instead of `from`.
        listKey={JSON.stringify({ ...input, from: null, range: params.range })}
        rows={query.data?.items}
        noun="error"
        caption="Dead executions by error, the most frequent first"
        columns={mayDecide ? [...FAILURE_COLUMNS, replayColumn] : FAILURE_COLUMNS}
        rowId={failureKey}
        rowLabel={(group) => group.shape || "No error was recorded"}
        onOpen={(group) => navigate(failureGroupParams(group))}
        empty={
          isFiltered ? (
            <EmptyState
              title="No error matches"
              action={<Button onClick={() => navigate(NO_FILTERS)}>Clear filters</Button>}
            >
              No dead execution in this range matches the filters.
            </EmptyState>
          ) : (
            <EmptyState icon={<CircleCheck />} title="No errors in this range">
              Executions that fail permanently appear here, grouped by their error.
            </EmptyState>
          )
        }
      />
      {target ? <DecideDialog action="replay" target={target} onClose={() => setTarget(null)} /> : null}
    </>
  );
}

/** The active filters that the bar has no control for. A link sets them. */
function filtersBelowBar({ trigger, source, schedule }: ExecutionParams, navigate: SetParams): ActiveFilter[] {
  const shown: (ActiveFilter | false)[] = [
    schedule !== null && {
      id: "schedule",
      label: "Schedule",
      value: displayName({ scheduleId: schedule }),
      onRemove: () => navigate({ schedule: null }),
    },
    trigger.length > 0 && {
      id: "trigger",
      label: "Trigger",
      value: trigger.map((one) => TRIGGER_LABELS[one]).join(", "),
      onRemove: () => navigate({ trigger: null }),
    },
    source.length > 0 && {
      id: "source",
      label: "Source",
      value: source.map((one) => SOURCE_LABELS[one]).join(", "),
      onRemove: () => navigate({ source: null }),
    },
  ];
  return shown.filter((filter) => filter !== false);
}
