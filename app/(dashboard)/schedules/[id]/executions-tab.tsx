"use client";

import { useQueryStates } from "nuqs";
import { TRIGGER_LABELS } from "~/components/executions/labels";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { EXECUTION_COLUMNS } from "~/components/schedules/execution-columns";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { ColumnMenu } from "~/components/tables/column-menu";
import { ExportMenu } from "~/components/tables/export-menu";
import { useColumns } from "~/components/tables/use-columns";
import { OUTCOME_LABELS } from "~/components/ui/outcome";
import { TRIGGERS } from "~/server/domain/choices";
import { HistoryList, historyColumns, useHistory } from "../../executions/history";
import { OUTCOME_FILTERS } from "../../executions/search-params";
import { historyParamsOf, historyParsers, NO_HISTORY_FILTERS, type ScheduleHistoryParams } from "./search-params";

const STATES = OUTCOME_FILTERS.map((value) => ({ value, label: OUTCOME_LABELS[value] }));
const TRIGGER_OPTIONS = TRIGGERS.map((value) => ({ value, label: TRIGGER_LABELS[value] }));
const COLUMNS = historyColumns(EXECUTION_COLUMNS);

type SetParams = (values: { [Name in keyof ScheduleHistoryParams]?: ScheduleHistoryParams[Name] | null }) => void;

/** Ended executions of one schedule within a time range. */
export function ExecutionsTab({ schedule }: { schedule: ShownSchedule }) {
  const [params, setParams] = useQueryStates(historyParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const navigate: SetParams = (values) => void setParams(values, { history: "push", scroll: true });
  const history = useHistory(historyParamsOf(params, schedule.scheduleId));
  const { columns, settings, onResize } = useColumns("schedule-executions", COLUMNS);
  const { q, status, trigger, error } = params;
  const isFiltered = q !== "" || status.length > 0 || trigger.length > 0 || error !== null;
  return (
    <>
      <FilterBar
        end={
          <>
            <ColumnMenu settings={settings} />
            <ExportMenu path="/admin/executions/export" filter={history.exportFilter} />
          </>
        }
      >
        <TimeRangePicker value={params.range} onChange={(range) => navigate({ range, cursor: null })} />
        <SearchInput
          label="Search executions of this schedule"
          placeholder="Id, correlation id, error"
          value={q}
          onChange={(text) => set({ q: text || null, cursor: null })}
          className="w-full sm:w-64"
        />
        <FacetSelect
          label="Outcome"
          options={STATES}
          value={status}
          onChange={(states) => navigate({ status: states, cursor: null })}
        />
        <FacetSelect
          label="Trigger"
          options={TRIGGER_OPTIONS}
          value={trigger}
          onChange={(triggers) => navigate({ trigger: triggers, cursor: null })}
        />
      </FilterBar>
      <HistoryList
        history={history}
        params={params}
        set={set}
        navigate={navigate}
        // Without `scroll`, so that the list keeps its position behind the sheet.
        onOpen={({ executionId }) => void setParams({ open: executionId }, { history: "push" })}
        columns={columns}
        onResize={onResize}
        caption="Executions of this schedule"
        onClear={isFiltered ? () => navigate(NO_HISTORY_FILTERS) : undefined}
      />
    </>
  );
}
