import type { Metadata } from "next";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { SystemClient } from "./client";
import { LAST_HOUR, OVERDUE_SCHEDULES } from "./inputs";

export const metadata: Metadata = { title: "System" };

export default async function SystemPage() {
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.leases.queryOptions(),
    trpc.monitoring.stats.queryOptions(),
    trpc.monitoring.timeZones.queryOptions({}),
    trpc.analytics.summary.queryOptions(LAST_HOUR),
    trpc.schedules.list.queryOptions(OVERDUE_SCHEDULES),
    trpc.settings.list.queryOptions(),
  );
  return (
    <HydrateClient>
      <SystemClient />
    </HydrateClient>
  );
}
