"use client";

import { useQuery } from "@tanstack/react-query";
import { LoadError } from "~/components/queries/load-error";
import { OccurrenceList } from "~/components/schedules/occurrence-list";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { SkeletonLines } from "~/components/ui/skeleton";
import { UPCOMING_MAX, whyUrl } from "./search-params";

/** Upcoming runs, computed with the function that the worker uses. */
export function UpcomingTab({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const { scheduleId } = schedule;
  const next = useQuery(trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_MAX }));
  if (next.isPending) return <SkeletonLines lines={10} />;
  if (next.error) {
    return <LoadError error={next.error} onRetry={() => void next.refetch()} retrying={next.isFetching} />;
  }
  const { occurrences, description, warnings } = next.data;
  if (occurrences.length === 0) {
    return (
      <EmptyState title="No upcoming runs">
        {schedule.status === "active" ? "The schedule has no more runs." : `The schedule is ${schedule.status}.`}
      </EmptyState>
    );
  }
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      {warnings.length > 0 ? (
        <Callout tone="warning">
          <ul className="flex flex-col gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      <Card title={`Next ${occurrences.length} runs`} description={description}>
        <OccurrenceList
          occurrences={occurrences}
          zone={schedule.timezone}
          hrefOf={(nominal) => whyUrl(scheduleId, nominal)}
        />
      </Card>
    </div>
  );
}
