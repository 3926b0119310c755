import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { readPreferences } from "~/components/layout/preferences-server";
import { prefetch, trpc } from "~/server/trpc/server";
import { UpcomingClient } from "./client";
import { firingsInput, loadInput, loadUpcomingParams, outageInput } from "./search-params";

export const metadata: Metadata = { title: "Upcoming" };

export default async function UpcomingPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [params, { zone }] = await Promise.all([loadUpcomingParams(searchParams), readPreferences()]);
  if (params.tab === "load") await prefetch(trpc.upcoming.load.queryOptions(loadInput(params, zone)));
  if (params.tab === "outage") await prefetch(trpc.upcoming.outage.queryOptions(outageInput(params, Date.now())));
  if (params.tab === "firings") await prefetch(trpc.upcoming.firings.queryOptions(firingsInput(params)));
  return (
    <HydrateClient>
      <UpcomingClient />
    </HydrateClient>
  );
}
