"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { LoadError } from "~/components/queries/load-error";
import { EXECUTION_COLUMNS } from "~/components/schedules/execution-columns";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { CursorPager } from "~/components/tables/cursor-pager";
import { DataTable } from "~/components/tables/data-table";
import { useHeldRows } from "~/components/tables/held-rows";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import type { ExecutionRow } from "~/server/domain/views";
import { detailParsers, EXECUTION_STATES, executionsInput } from "./search-params";

const STATES = EXECUTION_STATES.map((value) => ({ value, label: OUTCOME_LABELS[value] }));
const rowId = (row: ExecutionRow) => row.executionId;

/** The history of one schedule, newest first. */
export function ExecutionsTab({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(detailParsers);
  const [engaged, setEngaged] = useState(false);
  const cameFrom = useRef(new Map<string, string | null>());
  const input = executionsInput({ ...params, scheduleId: schedule.scheduleId });
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  const held = useHeldRows({ rows: list.data?.items, listKey: JSON.stringify(input), engaged, id: rowId });
  const go = (cursor: string | null) => void setParams({ cursor }, { history: "push", scroll: true });
  const next = list.data?.nextCursor ?? null;
  return (
    <>
      <FilterBar
        end={
          held.fresh > 0 ? (
            <Button size="sm" onClick={held.show}>
              {held.fresh} new, show
            </Button>
          ) : null
        }
      >
        <FacetSelect
          label="Outcome"
          options={STATES}
          value={params.status}
          onChange={(status) => void setParams({ status: status as typeof params.status, cursor: null })}
        />
      </FilterBar>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only watches whether the reader is among the rows */}
      <div
        onPointerEnter={() => setEngaged(true)}
        onPointerLeave={() => setEngaged(false)}
        onFocus={() => setEngaged(true)}
        onBlur={() => setEngaged(false)}
      >
        <DataTable
          caption="Executions of this schedule"
          columns={EXECUTION_COLUMNS}
          rows={held.rows}
          rowId={rowId}
          onOpen={(row) => router.push(`/executions/${row.executionId}`)}
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
            params.status.length > 0 ? (
              <EmptyState
                title="No execution matches"
                action={<Button onClick={() => void setParams({ status: null, cursor: null })}>Clear filters</Button>}
              />
            ) : (
              <EmptyState title="It has not run yet" />
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
          onPrevious={params.cursor === null ? undefined : () => go(cameFrom.current.get(params.cursor ?? "") ?? null)}
          onNext={
            next === null
              ? undefined
              : () => {
                  cameFrom.current.set(next, params.cursor);
                  go(next);
                }
          }
        />
      ) : null}
    </>
  );
}
