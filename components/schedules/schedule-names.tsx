"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";
import { TextLink } from "~/components/ui/text-link";
import { displayName } from "./display-name";

/** The display names of schedules by id, from one query. Empty while the query loads, or if it fails. */
export function useScheduleNames(scheduleIds: readonly string[]): ReadonlyMap<string, string> {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.schedules.names.queryOptions(
      { scheduleIds: [...scheduleIds] },
      { enabled: scheduleIds.length > 0, retry: false, staleTime: 60_000 },
    ),
  );
  return new Map(query.data?.map((row) => [row.scheduleId, displayName(row)]));
}

/** A link to a schedule, by its name if that is known. */
export function ScheduleLink({ scheduleId, name }: { scheduleId: string; name: string | undefined }) {
  return (
    <TextLink
      href={`/schedules/${scheduleId}`}
      className={name === undefined ? "font-mono text-xs" : "break-words font-medium"}
    >
      {name ?? scheduleId}
    </TextLink>
  );
}
