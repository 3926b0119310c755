import type { Metadata } from "next";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { OverviewClient } from "./client";
import { ANY_SCHEDULE, dueNextDay, LAST_DAY, recentFailures, UPCOMING } from "./inputs";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const nowMs = Date.now();
  await prefetch(
    trpc.schedules.list.queryOptions(ANY_SCHEDULE),
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.upcoming.queryOptions(UPCOMING),
    trpc.analytics.summary.queryOptions(LAST_DAY),
    trpc.analytics.performance.queryOptions(LAST_DAY),
    trpc.schedules.list.queryOptions(dueNextDay(nowMs)),
    trpc.executions.list.queryOptions(recentFailures(nowMs)),
  );
  return (
    <HydrateClient>
      <OverviewClient />
    </HydrateClient>
  );
}
