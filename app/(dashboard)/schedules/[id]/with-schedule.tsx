"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadError } from "~/components/queries/load-error";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { ButtonLink } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { Skeleton, SkeletonLines } from "~/components/ui/skeleton";

/** Loads a schedule and renders `children` with it, or else a skeleton, "not found" or an error. */
export function WithSchedule({
  scheduleId,
  fresh = false,
  belowNotFound,
  children,
}: {
  scheduleId: string;
  /** Shown below "not found", for example the activity of a deleted schedule. */
  belowNotFound?: ReactNode;
  /** Waits for a new response, because an edit needs the newest version. */
  fresh?: boolean;
  children: (schedule: ShownSchedule) => ReactNode;
}) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.schedules.get.queryOptions({ scheduleId }, fresh ? { refetchOnWindowFocus: false, staleTime: 0 } : {}),
  );
  const isOnlyCached = fresh && query.isFetching && !query.isFetchedAfterMount;
  if (query.data && !isOnlyCached) return children(query.data);
  if (query.error) {
    const code = callErrorOf(query.error)?.code;
    if (code === "not_found" || code === "validation_failed") {
      return (
        <>
          <ScheduleNotFound scheduleId={scheduleId} />
          {belowNotFound}
        </>
      );
    }
    return (
      <LoadError
        isPage
        error={query.error}
        title="The schedule could not be loaded"
        onRetry={() => void query.refetch()}
        retrying={query.isFetching}
      />
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <Skeleton className="h-8 w-80 max-w-full" />
      <SkeletonLines lines={8} />
    </div>
  );
}

function ScheduleNotFound({ scheduleId }: { scheduleId: string }) {
  return (
    <EmptyState
      isPage
      title="Schedule not found"
      action={
        <>
          <ButtonLink href="/schedules">All schedules</ButtonLink>
          <ButtonLink href={`/executions?q=${encodeURIComponent(scheduleId)}`}>Show executions</ButtonLink>
        </>
      }
    >
      <code className="break-all font-mono text-xs">{scheduleId}</code> does not exist or was deleted. The executions
      and the activity of a deleted schedule stay in the history until the end of their retention.
    </EmptyState>
  );
}
