"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { QueryBody } from "~/components/queries/query-tile";
import { OccurrenceList } from "~/components/schedules/occurrence-list";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import type { OccurrencePage } from "~/server/domain/views";
import { UPCOMING_MAX, whyUrl } from "./search-params";

const SHOWN_AT_FIRST = 20;

/** Upcoming runs, computed with the function that the worker uses. */
export function UpcomingTab({ schedule }: { schedule: ShownSchedule }) {
  const trpc = useTRPC();
  const { scheduleId } = schedule;
  const next = useQuery(trpc.schedules.occurrences.queryOptions({ scheduleId, limit: UPCOMING_MAX }));
  return (
    <QueryBody query={next} errorTitle="The upcoming runs could not be loaded" skeletonLines={10}>
      {(page) => <UpcomingRuns schedule={schedule} page={page} />}
    </QueryBody>
  );
}

function UpcomingRuns({ schedule, page }: { schedule: ShownSchedule; page: OccurrencePage }) {
  const { occurrences, description, warnings } = page;
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? occurrences : occurrences.slice(0, SHOWN_AT_FIRST);
  if (occurrences.length === 0) {
    return (
      <EmptyState title="No upcoming runs">
        {schedule.status === "active" ? "The schedule has no more runs." : `The schedule is ${schedule.status}.`}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {warnings.length > 0 ? (
        <Callout tone="warning">
          <ul className="flex flex-col gap-1">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
      <Card title={shown.length === 1 ? "Next run" : `Next ${shown.length} runs`} description={description}>
        <OccurrenceList
          occurrences={shown}
          zone={schedule.timezone}
          hrefOf={(nominal) => whyUrl(schedule.scheduleId, nominal)}
        />
        {shown.length < occurrences.length ? (
          <Button className="mt-3" onClick={() => setIsOpen(true)}>
            Show {occurrences.length - shown.length} more
          </Button>
        ) : null}
      </Card>
    </div>
  );
}
