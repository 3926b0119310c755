"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { FailingSchedules } from "~/components/overview/failing-schedules";
import { HealthStrip } from "~/components/overview/health-strip";
import { NextToFire, type UpcomingRun } from "~/components/overview/next-to-fire";
import { RecentFailures } from "~/components/overview/recent-failures";
import { SummaryTiles } from "~/components/overview/summary-tiles";
import { ThroughputChart } from "~/components/overview/throughput-chart";
import { Welcome } from "~/components/overview/welcome";
import { FRESH, useLiveQueries } from "~/components/queries/use-live-queries";
import { ScheduleDialogs } from "~/components/schedules/schedule-dialogs";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { ButtonLink } from "~/components/ui/button";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { ANY_SCHEDULE, dueNextDay, LAST_DAY, recentFailures, UPCOMING } from "./inputs";

/** Health, failures, lateness and the next runs. */
export function OverviewClient() {
  const trpc = useTRPC();
  const now = useNow(60_000);
  const [asked, setAsked] = useState<UpcomingRun | null>(null);
  const { live, vital } = useLiveQueries({ busy: asked !== null });

  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, vital));
  const engine = useQuery(trpc.monitoring.engine.queryOptions(undefined, vital));
  const upcoming = useQuery(trpc.monitoring.upcoming.queryOptions(UPCOMING, FRESH.quick));
  const summary = useQuery(trpc.analytics.summary.queryOptions(LAST_DAY, FRESH.slow));
  const idle = summary.data?.totals.total === 0;
  const any = useQuery(trpc.schedules.list.queryOptions(ANY_SCHEDULE, { ...FRESH.slow, enabled: idle }));
  const performance = useQuery(trpc.analytics.performance.queryOptions(LAST_DAY, FRESH.slow));
  const due = useQuery(trpc.schedules.list.queryOptions(dueNextDay(now), { ...FRESH.slow, ...KEEP_PREVIOUS }));
  const failures = useQuery(
    trpc.executions.list.queryOptions(recentFailures(now), { ...FRESH.slow, ...KEEP_PREVIOUS }),
  );
  const firstUse = idle && any.data?.items.length === 0;

  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <>
            <LiveIndicator live={live} updatedAt={Math.max(engine.dataUpdatedAt, upcoming.dataUpdatedAt)} />
            <ButtonLink variant="primary" href="/schedules/new" icon={<CalendarPlus aria-hidden />}>
              New schedule
            </ButtonLink>
          </>
        }
      />
      <HealthStrip health={health} engine={engine} />
      {firstUse ? (
        <Welcome />
      ) : (
        <>
          <SummaryTiles summary={summary} due={due} />
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] xl:grid-cols-[minmax(0,1fr)_26rem]">
            <div className="flex min-w-0 flex-col gap-4">
              <ThroughputChart query={performance} />
              <div className="grid items-start gap-4 2xl:grid-cols-2">
                <FailingSchedules query={summary} />
                <RecentFailures query={failures} />
              </div>
            </div>
            <NextToFire query={upcoming} onRun={setAsked} />
          </div>
        </>
      )}
      <ScheduleDialogs asked={asked && { verb: "run", schedule: planned(asked) }} onClose={() => setAsked(null)} />
    </>
  );
}

/** The run as the dialog needs it: only active schedules have planned runs. */
function planned(run: UpcomingRun) {
  return { ...run, status: "active" as const, nextExecution: run.nominal, pauseNote: null };
}
