import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { prefetch, trpc } from "~/server/trpc/server";
import { SchedulesClient } from "./client";
import { loadScheduleParams, scheduleListInput } from "./search-params";

export const metadata: Metadata = { title: "Schedules" };

export default async function SchedulesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadScheduleParams(searchParams);
  await prefetch(trpc.schedules.list.queryOptions(scheduleListInput(params)));
  return (
    <HydrateClient>
      <SchedulesClient />
    </HydrateClient>
  );
}
