import type { Metadata } from "next";
import { HydrateClient, prefetch, prefetched, trpc } from "~/server/trpc/server";
import { OverviewClient } from "./client";
import { ANY_SCHEDULE, dueNextDay, LAST_DAY, recentFailures, UPCOMING } from "./inputs";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const nowMs = Date.now();
  const summary = trpc.analytics.summary.queryOptions(LAST_DAY);
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.upcoming.queryOptions(UPCOMING),
    summary,
    trpc.analytics.performance.queryOptions(LAST_DAY),
    trpc.schedules.list.queryOptions(dueNextDay(nowMs)),
    trpc.executions.list.queryOptions(recentFailures(nowMs)),
  );
  if (prefetched(summary.queryKey)?.totals.total === 0) await prefetch(trpc.schedules.list.queryOptions(ANY_SCHEDULE));
  return (
    <HydrateClient>
      <OverviewClient />
    </HydrateClient>
  );
}
