import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient, prefetch, trpc } from "~/server/trpc/server";
import { ScheduleDetail } from "./client";
import { executionsInput, loadDetailParams, STRIP_SIZE, UPCOMING_SHOWN } from "./search-params";

export const metadata: Metadata = { title: "Schedule" };

export default async function SchedulePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id: scheduleId } = await params;
  const { tab, status, cursor } = await loadDetailParams(searchParams);
  const get = trpc.schedules.get.queryOptions({ scheduleId });
  if (tab === "executions") {
    await prefetch(get, trpc.executions.list.queryOptions(executionsInput({ scheduleId, status, cursor })));
  } else if (tab === "overview") {
    await prefetch(
      get,
      trpc.executions.list.queryOptions({ scheduleId, limit: STRIP_SIZE }),
      trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_SHOWN }),
    );
  } else {
    await prefetch(get);
  }
  return (
    <HydrateClient>
      <ScheduleDetail scheduleId={scheduleId} />
    </HydrateClient>
  );
}
