"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { useTabTitle } from "~/components/layout/tab-title";
import { useLiveRefresh } from "~/components/queries/use-live-refresh";
import { tabTitle } from "~/components/schedules/display-name";
import { PauseBanner } from "~/components/schedules/pause-banner";
import { ScheduleDialogs, type ScheduleVerb } from "~/components/schedules/schedule-dialogs";
import { ScheduleHeader } from "~/components/schedules/schedule-header";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { STATUS_LABELS } from "~/components/ui/outcome";
import { LinkTabs } from "~/components/ui/tabs";
import { ExecutionsTab } from "./executions-tab";
import { OverviewTab } from "./overview-tab";
import { PayloadTab } from "./payload-tab";
import { DETAIL_TABS, type DetailTab, detailParsers, detailUrl } from "./search-params";
import { UpcomingTab } from "./upcoming-tab";
import { WithSchedule } from "./with-schedule";

const TAB_LABELS: Record<DetailTab, string> = {
  overview: "Overview",
  executions: "Executions",
  upcoming: "Upcoming",
  payload: "Payload",
};

const TABS: Record<DetailTab, (props: { schedule: ShownSchedule }) => React.ReactNode> = {
  overview: OverviewTab,
  executions: ExecutionsTab,
  upcoming: UpcomingTab,
  payload: PayloadTab,
};

/** The page of one schedule. The tab is in the URL. */
export function ScheduleDetail({ scheduleId }: { scheduleId: string }) {
  return <WithSchedule scheduleId={scheduleId}>{(schedule) => <Detail schedule={schedule} />}</WithSchedule>;
}

function Detail({ schedule }: { schedule: ShownSchedule }) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [tab] = useQueryState("tab", detailParsers.tab);
  const [asked, setAsked] = useState<ScheduleVerb | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const [updatedAt, setUpdatedAt] = useState(0);
  const refresh = async () => {
    const keys = [
      trpc.schedules.get.queryKey({ scheduleId }),
      trpc.schedules.occurrences.pathKey(),
      trpc.schedules.explain.pathKey(),
      trpc.executions.list.pathKey(),
    ];
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false })));
    setUpdatedAt(Date.now());
  };
  const live = useLiveRefresh({ refresh: () => void refresh(), busy: asked !== null || menuOpen });
  const Tab = TABS[tab];
  useTabTitle(tabTitle(STATUS_LABELS[schedule.status], schedule));
  return (
    <>
      <ScheduleHeader schedule={schedule} onVerb={setAsked} onMenuOpenChange={setMenuOpen} />
      <PauseBanner schedule={schedule} onResume={() => setAsked("resume")} />
      <div className="mb-5 flex items-center gap-2">
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
        <LiveIndicator live={live} updatedAt={updatedAt} />
      </div>
      <Tab schedule={schedule} />
      <ScheduleDialogs
        asked={asked ? { verb: asked, schedule } : null}
        onClose={() => setAsked(null)}
        onDeleted={() => router.push("/schedules")}
      />
    </>
  );
}
