"use client";

import { useQuery } from "@tanstack/react-query";
import { useWatch } from "react-hook-form";
import { displayName } from "~/components/schedules/display-name";
import { useTRPC } from "~/components/trpc/client";
import { TextLink } from "~/components/ui/text-link";
import type { ScheduleFormValues } from "./schedule-form-model";

const MAX_SHOWN = 4;

/**
 * Links to the pages that duplicate the newest schedules of the chosen topic. They leave this form. Renders nothing if
 * the topic has no schedules.
 */
export function TopicTemplates() {
  const trpc = useTRPC();
  const topic = useWatch<ScheduleFormValues, "topic">({ name: "topic" });
  const facets = useQuery(trpc.schedules.facets.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  // Queried only for a topic that has schedules, not after every typed letter.
  const isKnown = facets.data?.topics.some(({ value }) => value === topic) === true;
  const { data } = useQuery(
    trpc.schedules.list.queryOptions({ topic: [topic], limit: MAX_SHOWN }, { enabled: isKnown, retry: false }),
  );
  const items = isKnown ? (data?.items ?? []) : [];
  if (items.length === 0) return null;
  return (
    <div className="text-sm">
      <span className="text-muted">Copy a recent schedule of this topic: </span>
      {items.map((schedule, index) => (
        <span key={schedule.scheduleId}>
          {index > 0 ? ", " : null}
          <TextLink href={`/schedules/${schedule.scheduleId}/duplicate`} className="wrap-anywhere underline">
            {displayName(schedule)}
          </TextLink>
        </span>
      ))}
    </div>
  );
}
