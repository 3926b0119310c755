import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { readPreferences } from "~/components/layout/preferences-server";
import {
  ANY_SCHEDULE,
  dueNextDay,
  FAILING,
  LAST_DAY,
  lastDayChart,
  OVERDUE,
  openDeadLetters,
  recentFailures,
  UPCOMING,
} from "~/components/overview/inputs";
import { hasScope, prefetch, prefetched, trpc } from "~/server/trpc/server";
import { OverviewClient } from "./client";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const nowMs = Date.now();
  const { zone } = await readPreferences();
  const isScoped = await hasScope();
  const totals = trpc.analytics.totals.queryOptions(LAST_DAY);
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    ...(isScoped ? [] : [trpc.monitoring.engine.queryOptions()]),
    trpc.monitoring.upcoming.queryOptions(UPCOMING),
    totals,
    trpc.analytics.topFailures.queryOptions(LAST_DAY),
    trpc.analytics.performance.queryOptions(lastDayChart(zone)),
    trpc.schedules.count.queryOptions(dueNextDay(nowMs)),
    trpc.executions.list.queryOptions(recentFailures(nowMs)),
    trpc.schedules.count.queryOptions(OVERDUE),
    trpc.schedules.count.queryOptions(FAILING),
    trpc.executions.list.queryOptions(openDeadLetters(nowMs)),
  );
  if (prefetched(totals.queryKey)?.totals.total === 0) await prefetch(trpc.schedules.count.queryOptions(ANY_SCHEDULE));
  return (
    <HydrateClient>
      <OverviewClient />
    </HydrateClient>
  );
}
