import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { readPreferences } from "~/components/layout/preferences-server";
import { CHART_BUCKETS } from "~/components/overview/inputs";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { AnalyticsClient } from "./client";
import { analyticsInput, loadAnalyticsParams } from "./search-params";

export const metadata: Metadata = { title: "Analytics" };

export default async function AnalyticsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [params, { zone }] = await Promise.all([loadAnalyticsParams(searchParams), readPreferences()]);
  const input = analyticsInput(params);
  await prefetch(
    trpc.analytics.summary.queryOptions(input),
    trpc.analytics.performance.queryOptions({ ...input, timezone: zone, maxBuckets: CHART_BUCKETS }),
  );
  return (
    <HydrateClient>
      <AnalyticsClient />
    </HydrateClient>
  );
}
