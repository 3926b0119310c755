import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { NeedsNoScope } from "~/components/access/may";
import { OVERDUE } from "~/components/overview/inputs";
import { hasScope, prefetch, trpc } from "~/server/trpc/server";
import { SystemClient } from "./client";
import { LAST_HOUR } from "./inputs";

export const metadata: Metadata = { title: "System" };

export default async function SystemPage() {
  if (await hasScope()) return <NeedsNoScope title="The system page is not shown" />;
  await prefetch(
    trpc.monitoring.health.queryOptions(),
    trpc.monitoring.engine.queryOptions(),
    trpc.monitoring.leases.queryOptions(),
    trpc.monitoring.stats.queryOptions(),
    trpc.monitoring.timeZones.queryOptions({}),
    trpc.analytics.totals.queryOptions(LAST_HOUR),
    trpc.schedules.count.queryOptions(OVERDUE),
    trpc.settings.list.queryOptions(),
  );
  return (
    <HydrateClient>
      <SystemClient />
    </HydrateClient>
  );
}
