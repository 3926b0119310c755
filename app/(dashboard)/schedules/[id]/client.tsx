"use client";

import { useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useEffect, useState } from "react";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useTabTitle } from "~/components/layout/tab-title";
import { recentSchedules } from "~/components/palette/recent-schedules";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { DETAIL_TABS, type DetailTab, TAB_LABELS } from "~/components/schedules/detail-tabs";
import { displayName, tabTitle } from "~/components/schedules/display-name";
import { PauseBanner } from "~/components/schedules/pause-banner";
import { ScheduleDialogs, type ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import { ScheduleHeader } from "~/components/schedules/schedule-header";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PENDING_REQUEST } from "~/components/trpc/query-client";
import { LinkTabs } from "~/components/ui/link-tabs";
import { STATUS_LABELS } from "~/components/ui/outcome";
import { SkeletonLines } from "~/components/ui/skeleton";
import { OverviewTab } from "./overview-tab";
import { detailParsers, detailUrl, historyParsers } from "./search-params";
import { WithSchedule } from "./with-schedule";

const loading = () => <SkeletonLines lines={8} />;
// Lists, charts and forms are large, and most visitors of the page do not open these tabs.
const ExecutionsTab = dynamic(() => import("./executions-tab").then((module) => module.ExecutionsTab), { loading });
const UpcomingTab = dynamic(() => import("./upcoming-tab").then((module) => module.UpcomingTab), { loading });
const PayloadTab = dynamic(() => import("./payload-tab").then((module) => module.PayloadTab), { loading });
const ActivityTab = dynamic<{ schedule: ShownSchedule }>(
  () => import("./activity-tab").then((module) => module.ActivityTab),
  { loading },
);
const DeletedActivity = dynamic(() => import("./activity-tab").then((module) => module.DeletedActivity));
const AnalyticsTab = dynamic(() => import("./analytics-tab").then((module) => module.AnalyticsTab), { loading });
const VersionsTab = dynamic(() => import("./versions-tab").then((module) => module.VersionsTab), { loading });
// Most schedules have neither of these banners.
const DriftBanner = dynamic(() => import("~/components/schedules/drift-banner").then((module) => module.DriftBanner));
const ExistedBanner = dynamic(() =>
  import("~/components/schedules/existed-banner").then((module) => module.ExistedBanner),
);

const TABS: Record<DetailTab, React.ComponentType<{ schedule: ShownSchedule }>> = {
  overview: OverviewTab,
  executions: ExecutionsTab,
  upcoming: UpcomingTab,
  analytics: AnalyticsTab,
  payload: PayloadTab,
  versions: VersionsTab,
  activity: ActivityTab,
};

/** The page of one schedule. The tab is in the URL. */
export function ScheduleDetail({ scheduleId }: { scheduleId: string }) {
  return (
    <WithSchedule scheduleId={scheduleId} belowNotFound={<DeletedActivity scheduleId={scheduleId} />}>
      {(schedule) => <Detail schedule={schedule} />}
    </WithSchedule>
  );
}

/** Says whether the schedule was edited outside of its document, does not fire, or was found by a repeated create. */
function Banners({ schedule }: { schedule: ShownSchedule }) {
  // The links of the tabs do not have this parameter, so the banner disappears when another tab is opened.
  const [existed] = useQueryState("existed", detailParsers.existed);
  const { managedBy, status } = schedule;
  return (
    <>
      {managedBy?.isEdited ? <DriftBanner managedBy={managedBy} /> : null}
      {status === "paused" || status === "disabled" ? <PauseBanner schedule={schedule} /> : null}
      {existed ? <ExistedBanner /> : null}
    </>
  );
}

function Detail({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId, topic } = schedule;
  const label = displayName(schedule);
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [tab] = useQueryState("tab", detailParsers.tab);
  const [openExecutionId] = useQueryState("open", historyParsers.open);
  const [openAction, setOpenAction] = useState<ScheduleVerb | null>(null);
  const scheduleKey = trpc.schedules.get.queryKey({ scheduleId });
  const [updatedAt, setUpdatedAt] = useState(() => queryClient.getQueryState(scheduleKey)?.dataUpdatedAt ?? 0);
  const refresh = async () => {
    const keys = [
      scheduleKey,
      trpc.schedules.missed.pathKey(),
      trpc.schedules.occurrences.pathKey(),
      trpc.schedules.explain.pathKey(),
      trpc.schedules.versions.pathKey(),
      trpc.audit.pathKey(),
      trpc.executions.list.pathKey(),
      trpc.executions.histogram.pathKey(),
    ];
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey }, KEEP_PENDING_REQUEST)));
    setUpdatedAt(Date.now());
  };
  const live = useLiveRefresh({ refresh: () => void refresh(), busy: openAction !== null || openExecutionId !== null });
  const Tab = TABS[tab];
  useEffect(() => recentSchedules.remember(localStorage, { scheduleId, label, topic }), [scheduleId, label, topic]);
  useTabTitle(tabTitle(STATUS_LABELS[schedule.status], schedule));
  return (
    <>
      <ScheduleHeader schedule={schedule} onVerb={setOpenAction} />
      <Banners schedule={schedule} />
      <div className="mb-5 flex">
        <div className="min-w-0 flex-1">
          <LinkTabs
            label="About this schedule"
            tabs={DETAIL_TABS.map((one) => ({
              href: detailUrl(`/schedules/${scheduleId}`, { tab: one }),
              label: TAB_LABELS[one],
              current: one === tab,
            }))}
          />
        </div>
        {/* Continues the line under the tabs. */}
        <div className="flex items-center border-b pl-2">
          <LiveIndicator live={live} updatedAt={updatedAt} />
        </div>
      </div>
      <Tab schedule={schedule} />
      <ScheduleDialogs
        action={openAction ? { verb: openAction, schedule } : null}
        onClose={() => setOpenAction(null)}
        onDeleted={() => router.push("/schedules")}
      />
    </>
  );
}
