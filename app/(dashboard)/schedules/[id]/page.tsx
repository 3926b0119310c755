import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { HydrateClient } from "~/app/hydrate-client";
import { readPreferences } from "~/components/layout/preferences-server";
import { CHART_BUCKETS } from "~/components/overview/inputs";
import { tabTitle } from "~/components/schedules/display-name";
import { STATUS_LABELS } from "~/components/ui/outcome";
import { prefetch, prefetched, prefetchTitle, prefetchWhole, trpc } from "~/server/trpc/server";
import { analyticsInput } from "../../analytics/search-params";
import { executionListInput, histogramInput } from "../../executions/search-params";
import { ScheduleDetail } from "./client";
import {
  activityInput,
  historyParamsOf,
  loadDetailParams,
  loadHistoryParams,
  STRIP_SIZE,
  UPCOMING_MAX,
  UPCOMING_PREVIEW_SIZE,
} from "./search-params";

export async function generateMetadata({ params }: { params: Promise<{ id: string }> }): Promise<Metadata> {
  const get = trpc.schedules.get.queryOptions({ scheduleId: (await params).id });
  await prefetchTitle(get);
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
  const { tab, cursor, range, why } = await loadDetailParams(searchParams);
  const get = trpc.schedules.get.queryOptions({ scheduleId });
  if (tab === "executions") {
    const history = historyParamsOf(await loadHistoryParams(searchParams), scheduleId);
    const nowMs = Date.now();
    await prefetchWhole(
      get,
      trpc.executions.list.queryOptions(executionListInput(history, nowMs)),
      trpc.executions.histogram.queryOptions(histogramInput(history, nowMs)),
    );
  } else if (tab === "activity") {
    await prefetchWhole(get, trpc.audit.activity.queryOptions(activityInput({ scheduleId, cursor })));
  } else if (tab === "versions") {
    await prefetchWhole(get, trpc.schedules.versions.queryOptions({ scheduleId }));
  } else if (tab === "upcoming") {
    await prefetchWhole(get, trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_MAX }));
  } else if (tab === "analytics") {
    const { zone } = await readPreferences();
    const input = analyticsInput({ range, topic: null, source: null, schedule: scheduleId });
    await prefetchWhole(
      get,
      trpc.analytics.totals.queryOptions(input),
      trpc.analytics.performance.queryOptions({ ...input, timezone: zone, maxBuckets: CHART_BUCKETS }),
    );
  } else if (tab === "overview") {
    await prefetch(
      get,
      trpc.executions.list.queryOptions({ scheduleId, limit: STRIP_SIZE }),
      trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_PREVIEW_SIZE }),
      trpc.settings.list.queryOptions(),
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
