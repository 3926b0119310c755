"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, Presentation } from "lucide-react";
import { useState } from "react";
import { IfMay, useScope } from "~/components/access/may";
import { LiveIndicator } from "~/components/layout/live-indicator";
import { FailingSchedules } from "~/components/overview/failing-schedules";
import { HealthStrip } from "~/components/overview/health-strip";
import {
  ANY_SCHEDULE,
  dueNextDay,
  LAST_DAY,
  lastDayChart,
  recentFailures,
  UPCOMING,
} from "~/components/overview/inputs";
import { NeedsAttention } from "~/components/overview/needs-attention";
import { NextToFire, type UpcomingRun } from "~/components/overview/next-to-fire";
import { RecentFailures } from "~/components/overview/recent-failures";
import { SummaryTiles } from "~/components/overview/summary-tiles";
import { ThroughputChart } from "~/components/overview/throughput-chart";
import { useAttention } from "~/components/overview/use-attention";
import { Welcome } from "~/components/overview/welcome";
import { FRESH, useLiveQueries } from "~/components/queries/use-live-queries";
import { ScheduleDialogs } from "~/components/schedules/schedule-dialogs";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { ButtonLink } from "~/components/ui/button";
import { useNow } from "~/components/ui/now";
import { PageHeader } from "~/components/ui/page-header";
import { useDisplayZone } from "~/components/ui/time";

/** Health, failures, lateness and the next runs. */
export function OverviewClient() {
  const trpc = useTRPC();
  const now = useNow(60_000);
  const { zone } = useDisplayZone();
  const [runToConfirm, setRunToConfirm] = useState<UpcomingRun | null>(null);
  const { live, vital } = useLiveQueries();

  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, vital));
  const isScoped = useScope() !== null;
  const engine = useQuery(trpc.monitoring.engine.queryOptions(undefined, { ...vital, enabled: !isScoped }));
  const upcoming = useQuery(trpc.monitoring.upcoming.queryOptions(UPCOMING, FRESH.quick));
  const totals = useQuery(trpc.analytics.totals.queryOptions(LAST_DAY, FRESH.slow));
  const failing = useQuery(trpc.analytics.topFailures.queryOptions(LAST_DAY, FRESH.slow));
  const hasNoExecutions = totals.data?.totals.total === 0;
  // Only the welcome depends on this count, so it is loaded only if the last 24 hours have no executions.
  const anySchedule = useQuery(
    trpc.schedules.count.queryOptions(ANY_SCHEDULE, { ...FRESH.slow, enabled: hasNoExecutions }),
  );
  const performance = useQuery(trpc.analytics.performance.queryOptions(lastDayChart(zone), FRESH.slow));
  const due = useQuery(trpc.schedules.count.queryOptions(dueNextDay(now), { ...FRESH.slow, ...KEEP_PREVIOUS }));
  const failures = useQuery(
    trpc.executions.list.queryOptions(recentFailures(now), { ...FRESH.slow, ...KEEP_PREVIOUS }),
  );
  const attention = useAttention(health);
  const firstUse = hasNoExecutions && anySchedule.data?.total === 0;

  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <>
            <LiveIndicator live={live} updatedAt={Math.max(engine.dataUpdatedAt, upcoming.dataUpdatedAt)} />
            {isScoped ? null : (
              <ButtonLink variant="ghost" href="/wall" icon={<Presentation aria-hidden />}>
                Wall board
              </ButtonLink>
            )}
            <IfMay right="schedules:create">
              <ButtonLink variant="primary" href="/schedules/new" icon={<CalendarPlus aria-hidden />}>
                New schedule
              </ButtonLink>
            </IfMay>
          </>
        }
      />
      {isScoped ? null : <HealthStrip health={health} engine={engine} />}
      {firstUse ? (
        <Welcome />
      ) : (
        <>
          <NeedsAttention {...attention} />
          <SummaryTiles summary={totals} due={due} />
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] xl:grid-cols-[minmax(0,1fr)_26rem]">
            <div className="flex min-w-0 flex-col gap-4">
              <ThroughputChart query={performance} day={totals.error ? undefined : totals.data} />
              <div className="grid items-start gap-4 2xl:grid-cols-2">
                <FailingSchedules query={failing} />
                <RecentFailures query={failures} />
              </div>
            </div>
            <NextToFire query={upcoming} onRun={setRunToConfirm} />
          </div>
        </>
      )}
      <ScheduleDialogs
        action={runToConfirm && { verb: "run", schedule: scheduleOf(runToConfirm) }}
        onClose={() => setRunToConfirm(null)}
      />
    </>
  );
}

/** The schedule of a planned run. Its status is active, because only active schedules have planned runs. */
function scheduleOf(run: UpcomingRun) {
  return { ...run, status: "active" as const, nextExecution: run.nominal, pauseNote: null };
}
