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
  await prefetch(
    trpc.analytics.summary.queryOptions(input),
    trpc.analytics.performance.queryOptions({ ...input, timezone: zone, maxBuckets: CHART_BUCKETS }),
    trpc.analytics.week.queryOptions({ ...input, timezone: zone }),
    trpc.upcoming.load.queryOptions({ hours: 24, topic: input.topic, timezone: zone }),
  );
  return (
    <HydrateClient>
      <AnalyticsClient />
    </HydrateClient>
  );
}
