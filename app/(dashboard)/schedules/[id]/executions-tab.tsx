"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { EXECUTION_COLUMNS } from "~/components/schedules/execution-columns";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { LiveList } from "~/components/tables/live-list";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { EXECUTION_STATES } from "../../executions/search-params";
import { detailParsers, executionsInput } from "./search-params";

const STATES = EXECUTION_STATES.map((value) => ({ value, label: OUTCOME_LABELS[value] }));

/** The history of one schedule, newest first. */
export function ExecutionsTab({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(detailParsers);
  const input = executionsInput({ ...params, scheduleId: schedule.scheduleId });
  const list = useQuery(trpc.executions.list.queryOptions(input, KEEP_PREVIOUS));
  return (
    <>
      <FilterBar>
        <FacetSelect
          label="Outcome"
          options={STATES}
          value={params.status}
          onChange={(status) => void setParams({ status, cursor: null })}
        />
      </FilterBar>
      <LiveList
        query={list}
        noun="execution"
        pages={{
          cursor: params.cursor,
          goTo: (cursor) => void setParams({ cursor }, { history: "push", scroll: true }),
        }}
        listKey={JSON.stringify(input)}
        caption="Executions of this schedule"
        columns={EXECUTION_COLUMNS}
        rowId={(row) => row.executionId}
        onOpen={(row) => router.push(`/executions/${row.executionId}`)}
        empty={
          params.status.length > 0 ? (
            <EmptyState
              title="No execution matches"
              action={<Button onClick={() => void setParams({ status: null, cursor: null })}>Clear filters</Button>}
            />
          ) : (
            <EmptyState title="No executions yet" />
          )
        }
      />
    </>
  );
}
