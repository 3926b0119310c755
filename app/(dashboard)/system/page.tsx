import type { Metadata } from "next";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { SystemClient } from "./client";
import { STUCK_SCHEDULES } from "./inputs";

export const metadata: Metadata = { title: "System" };

export default async function SystemPage() {
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.stats.queryOptions(),
    trpc.monitoring.timeZones.queryOptions({}),
    trpc.schedules.list.queryOptions(STUCK_SCHEDULES),
    trpc.settings.list.queryOptions(),
    trpc.access.me.queryOptions(),
  );
  return (
    <HydrateClient>
      <SystemClient />
    </HydrateClient>
  );
}
