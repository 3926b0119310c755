import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { readPreferences } from "~/components/layout/preferences-server";
import { CHART_BUCKETS } from "~/components/overview/inputs";
import { prefetch, trpc } from "~/server/trpc/server";
import { AnalyticsClient } from "./client";
import { analyticsInput, loadAnalyticsParams } from "./search-params";

export const metadata: Metadata = { title: "Analytics" };

export default async function AnalyticsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [params, { zone }] = await Promise.all([loadAnalyticsParams(searchParams), readPreferences()]);
  const input = analyticsInput(params);
  // The other tiles run their queries when they are near the window.
  await prefetch(
    trpc.analytics.totals.queryOptions(input),
    trpc.analytics.performance.queryOptions({ ...input, timezone: zone, maxBuckets: CHART_BUCKETS }),
  );
  return (
    <HydrateClient>
      <AnalyticsClient />
    </HydrateClient>
  );
}
