import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { tabTitle } from "~/components/schedules/display-name";
import { STATUS_LABELS } from "~/components/ui/outcome";
import { HydrateClient, prefetch, prefetched, trpc } from "~/server/trpc/server";
import { executionListInput } from "../../executions/search-params";
import { ScheduleDetail } from "./client";
import {
  activityInput,
  historyParamsOf,
  loadDetailParams,
  loadHistoryParams,
  STRIP_SIZE,
  UPCOMING_PREVIEW_SIZE,
} from "./search-params";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const get = trpc.schedules.get.queryOptions({ scheduleId: (await params).id });
  await prefetch(get);
  const schedule = prefetched(get.queryKey);
  return { title: schedule ? tabTitle(STATUS_LABELS[schedule.status], schedule) : "Schedule" };
}

export default async function SchedulePage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}) {
  const { id: scheduleId } = await params;
  const { tab, cursor, why } = await loadDetailParams(searchParams);
  const get = trpc.schedules.get.queryOptions({ scheduleId });
  if (tab === "executions") {
    const history = historyParamsOf(await loadHistoryParams(searchParams), scheduleId);
    await prefetch(get, trpc.executions.list.queryOptions(executionListInput(history, Date.now())));
  } else if (tab === "activity") {
    await prefetch(get, trpc.audit.activity.queryOptions(activityInput({ scheduleId, cursor })));
  } else if (tab === "versions") {
    await prefetch(get, trpc.schedules.versions.queryOptions({ scheduleId }));
  } else if (tab === "overview") {
    await prefetch(
      get,
      trpc.executions.list.queryOptions({ scheduleId, limit: STRIP_SIZE }),
      trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_PREVIEW_SIZE }),
      ...(why === null ? [] : [trpc.schedules.explain.queryOptions({ scheduleId, at: why })]),
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
