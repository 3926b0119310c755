"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, Inbox, ListTodo } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { BulkBar } from "~/components/bulk/bulk-bar";
import { useSelection } from "~/components/bulk/use-selection";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useShortcut } from "~/components/layout/shortcuts";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { FirstSchedule } from "~/components/schedules/first-schedule";
import { scheduleColumns } from "~/components/schedules/schedule-columns";
import { ScheduleDialogs, type ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import { LiveList } from "~/components/tables/live-list";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button, ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { LinkTabs } from "~/components/ui/tabs";
import type { ScheduleListItem } from "~/server/domain/views";
import { isFiltered, ScheduleFilters, type SetParams } from "./filters";
import {
  NO_FILTERS,
  SCHEDULE_TABS,
  type ScheduleTab,
  type SortValue,
  scheduleListInput,
  scheduleParsers,
  scheduleUrl,
} from "./search-params";

const TAB_LABELS: Record<ScheduleTab, string> = {
  all: "All",
  recurring: "Recurring",
  "one-time": "One-time",
  paused: "Paused",
  failing: "Failing",
  overdue: "Overdue",
};

const EMPTY_TABS: Partial<Record<ScheduleTab, string>> = {
  paused: "No paused schedules",
  failing: "No failing schedules: no last run is dead or expired",
  overdue: "No overdue schedules",
};

/** A tick must not cancel a request in flight: a request slower than the ticks would never finish. */
const WITHOUT_CANCEL = { cancelRefetch: false };

/** The list of schedules. All of its state is in the URL. */
export function SchedulesClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const [params, setParams] = useQueryStates(scheduleParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const step: SetParams = (values) => void setParams(values, { history: "push", scroll: true });

  const input = scheduleListInput(params);
  const list = useQuery(trpc.schedules.list.queryOptions(input, KEEP_PREVIOUS));
  const [asked, setAsked] = useState<{ verb: ScheduleVerb; schedule: ScheduleListItem } | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const live = useLiveRefresh({
    refresh: () => void list.refetch(WITHOUT_CANCEL),
    busy: asked !== null || menuOpen,
  });
  useShortcut({ keys: "c", label: "Create a schedule", group: "Lists" }, () => router.push("/schedules/new"));

  const columns = useMemo(
    () => scheduleColumns({ onVerb: (verb, schedule) => setAsked({ verb, schedule }), onMenuOpenChange: setMenuOpen }),
    [],
  );
  const { sort: _s, cursor: _c, limit: _l, ...filter } = input;
  const selection = useSelection(JSON.stringify(filter));

  return (
    <>
      <PageHeader
        title="Schedules"
        actions={
          <>
            <ButtonLink variant="ghost" href="/bulk" icon={<ListTodo aria-hidden />}>
              Bulk jobs
            </ButtonLink>
            <ButtonLink variant="primary" href="/schedules/new" icon={<CalendarPlus aria-hidden />}>
              New schedule
            </ButtonLink>
          </>
        }
      />
      <div className="mb-3">
        <LinkTabs
          label="Schedule views"
          tabs={SCHEDULE_TABS.map((tab) => ({
            href: scheduleUrl(pathname, { ...params, tab, cursor: null }),
            label: TAB_LABELS[tab],
            current: tab === params.tab,
          }))}
        />
      </div>
      <ScheduleFilters params={params} set={set} end={<LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />} />
      <LiveList
        query={list}
        noun="schedule"
        pages={{ cursor: params.cursor, goTo: (cursor) => step({ cursor }) }}
        listKey={JSON.stringify(input)}
        caption={`Schedules: ${TAB_LABELS[params.tab]}`}
        columns={columns}
        rowId={(row) => row.scheduleId}
        rowLabel={displayName}
        sort={{ id: params.sort.replace(/^-/, ""), desc: params.sort.startsWith("-") }}
        onSortChange={({ id, desc }) => step({ sort: `${desc ? "-" : ""}${id}` as SortValue, cursor: null })}
        selected={selection.ids}
        onSelectedChange={selection.setIds}
        selectionBar={<BulkBar selection={selection} filter={filter} found={list.data} />}
        onOpen={(row) => router.push(`/schedules/${row.scheduleId}`)}
        empty={
          isFiltered(params) ? (
            <NothingMatches onClear={() => set(NO_FILTERS)} />
          ) : params.tab === "all" && params.cursor === null ? (
            <FirstSchedule />
          ) : (
            <EmptyState icon={<Inbox />} title={EMPTY_TABS[params.tab] ?? "No schedules"} />
          )
        }
      />
      <ScheduleDialogs asked={asked} onClose={() => setAsked(null)} />
    </>
  );
}

function NothingMatches({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="No schedule matches" action={<Button onClick={onClear}>Clear filters</Button>}>
      No schedule in this view matches the filters.
    </EmptyState>
  );
}
