import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { AnalyticsClient } from "./client";
import { analyticsInput, loadAnalyticsParams } from "./search-params";

export const metadata: Metadata = { title: "Analytics" };

export default async function AnalyticsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = analyticsInput(await loadAnalyticsParams(searchParams));
  await prefetch(trpc.analytics.summary.queryOptions(input), trpc.analytics.performance.queryOptions(input));
  return (
    <HydrateClient>
      <AnalyticsClient />
    </HydrateClient>
  );
}
