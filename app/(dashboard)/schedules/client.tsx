"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, Inbox, ListTodo } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { IfMay, useMay, useMayChange } from "~/components/access/may";
import { BulkBar } from "~/components/bulk/bulk-bar";
import { useSelection } from "~/components/bulk/use-selection";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useShortcut } from "~/components/layout/shortcuts";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { displayName } from "~/components/schedules/display-name";
import { FirstSchedule } from "~/components/schedules/first-schedule";
import { scheduleColumns } from "~/components/schedules/schedule-columns";
import { ScheduleDialogs, type ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import { useEndedPauses } from "~/components/schedules/use-ended-pauses";
import { useTroubled } from "~/components/schedules/use-troubled";
import { ColumnMenu } from "~/components/tables/column-menu";
import { ExportMenu } from "~/components/tables/export-menu";
import { LiveList } from "~/components/tables/live-list";
import { SavedViews } from "~/components/tables/saved-views";
import { useColumns } from "~/components/tables/use-columns";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST, KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button, ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { LinkTabs } from "~/components/ui/link-tabs";
import { PageHeader } from "~/components/ui/page-header";
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

/** The sort orders whose value no column shows, so that no column header shows the order. */
const SORT_TEXTS: Partial<Record<SortValue, string>> = {
  created_at: "Oldest first",
  "-created_at": "Newest first",
  updated_at: "Longest unchanged first",
  "-updated_at": "Last changed first",
  error_count: "Fewest dead runs first",
  "-error_count": "Most dead runs first",
};

const EMPTY_TABS: Partial<Record<ScheduleTab, { title: string; text: string }>> = {
  recurring: { title: "No recurring schedules", text: "Schedules with a cron expression are listed here." },
  "one-time": { title: "No one-time schedules", text: "Schedules that fire once are listed here." },
  paused: { title: "No paused schedules", text: "Paused and disabled schedules are listed here. They do not fire." },
  failing: { title: "No failing schedules", text: "Schedules whose last run is dead or expired are listed here." },
  overdue: {
    title: "No overdue schedules",
    text: "Active schedules whose next run is more than a minute late are listed here.",
  },
};

/** The list of schedules. The filters, the sort and the page are in the URL. */
export function SchedulesClient() {
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const [params, setParams] = useQueryStates(scheduleParsers);
  const set: SetParams = (values) => void setParams(values, { history: "replace" });
  const navigate: SetParams = (values) => void setParams(values, { history: "push" });
  const navigateToTop: SetParams = (values) => void setParams(values, { history: "push", scroll: true });

  const input = scheduleListInput(params);
  const sortText = SORT_TEXTS[params.sort];
  const list = useQuery(trpc.schedules.list.queryOptions(input, KEEP_PREVIOUS));
  const [openAction, setOpenAction] = useState<{ verb: ScheduleVerb; schedule: ScheduleListItem } | null>(null);
  const lastPauseOf = useEndedPauses(list.data?.items);
  const { troubledOf, refresh: refreshTroubled } = useTroubled();
  const mayCreate = useMay()("schedules:create");
  const mayChange = useMayChange();
  useShortcut({ keys: "c", label: "Create a schedule", group: "Lists" }, () => {
    if (mayCreate) router.push("/schedules/new");
  });

  const allColumns = useMemo(
    () =>
      scheduleColumns({
        onVerb: (verb, schedule) => setOpenAction({ verb, schedule }),
        lastPauseOf,
        troubledOf,
      }).filter(({ id }) => mayChange || id !== "actions"),
    [mayChange, lastPauseOf, troubledOf],
  );
  const { columns, settings, onResize } = useColumns("schedules", allColumns);
  const { cursor: _c, limit: _l, ...exportFilter } = input;
  const { sort: _s, ...filter } = exportFilter;
  const selection = useSelection(JSON.stringify(filter));
  const live = useLiveRefresh({
    refresh: () => {
      void list.refetch(KEEP_PENDING_REQUEST);
      refreshTroubled();
    },
    busy: openAction !== null || selection.ids.size > 0,
  });

  return (
    <>
      <PageHeader
        title="Schedules"
        actions={
          <>
            <ButtonLink variant="ghost" href="/bulk" icon={<ListTodo aria-hidden />}>
              Bulk jobs
            </ButtonLink>
            <IfMay right="schedules:create">
              <ButtonLink variant="primary" href="/schedules/new" icon={<CalendarPlus aria-hidden />}>
                New schedule
              </ButtonLink>
            </IfMay>
          </>
        }
      />
      <div className="mb-3 flex max-sm:flex-col">
        <div className="min-w-0 flex-1">
          <LinkTabs
            label="Schedule views"
            tabs={SCHEDULE_TABS.map((tab) => ({
              href: scheduleUrl(pathname, { ...params, tab, cursor: null }),
              label: TAB_LABELS[tab],
              current: tab === params.tab,
            }))}
          />
        </div>
        {/* Continues the line under the tabs. */}
        {sortText === undefined ? null : (
          <p className="flex items-center text-muted text-xs max-sm:pt-2 sm:border-b sm:pl-3">{sortText}</p>
        )}
      </div>
      <ScheduleFilters
        params={params}
        set={set}
        navigate={navigate}
        end={
          <>
            <LiveIndicator live={live} updatedAt={list.dataUpdatedAt} />
            <SavedViews list="schedules" />
            <ColumnMenu settings={settings} />
            <ExportMenu path="/admin/schedules/export" filter={exportFilter} />
          </>
        }
      />
      <LiveList
        query={list}
        noun="schedule"
        pages={{ cursor: params.cursor, goTo: (cursor) => navigateToTop({ ...params, cursor }) }}
        listKey={JSON.stringify(input)}
        caption={`Schedules: ${TAB_LABELS[params.tab]}`}
        columns={columns}
        onResize={onResize}
        rowId={(row) => row.scheduleId}
        rowLabel={displayName}
        sort={{ id: params.sort.replace(/^-/, ""), desc: params.sort.startsWith("-") }}
        onSortChange={({ id, desc }) => navigateToTop({ sort: `${desc ? "-" : ""}${id}` as SortValue, cursor: null })}
        selected={mayChange ? selection.ids : undefined}
        onSelectedChange={mayChange ? selection.setIds : undefined}
        selectionBar={<BulkBar selection={selection} filter={filter} found={list.data} />}
        onOpen={(row) => router.push(`/schedules/${row.scheduleId}`)}
        empty={
          isFiltered(params) ? (
            <NothingMatches onClear={() => navigate(NO_FILTERS)} />
          ) : params.tab === "all" && params.cursor === null ? (
            <FirstSchedule />
          ) : (
            <EmptyState icon={<Inbox />} title={EMPTY_TABS[params.tab]?.title ?? "No schedules"}>
              {EMPTY_TABS[params.tab]?.text}
            </EmptyState>
          )
        }
      />
      <ScheduleDialogs action={openAction} onClose={() => setOpenAction(null)} />
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
