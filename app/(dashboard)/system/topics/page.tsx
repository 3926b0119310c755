import type { Metadata } from "next";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { TopicsClient } from "./client";
import { LAST_DAY } from "./inputs";

export const metadata: Metadata = { title: "Topics" };

export default async function TopicsPage() {
  await prefetch(
    trpc.analytics.summary.queryOptions(LAST_DAY),
    trpc.schedules.facets.queryOptions(),
    trpc.monitoring.breakers.queryOptions(),
    trpc.topicSchemas.list.queryOptions(),
  );
  return (
    <HydrateClient>
      <TopicsClient />
    </HydrateClient>
  );
}
