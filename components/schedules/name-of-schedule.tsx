"use client";

import { useQuery } from "@tanstack/react-query";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { displayName } from "./display-name";

/** The display name of the schedule with this id. For a deleted schedule, the name in its last execution. */
export function NameOfSchedule({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const schedule = useQuery(trpc.schedules.get.queryOptions({ scheduleId }, { retry: false }));
  const isGone = callErrorOf(schedule.error)?.code === "not_found";
  const last = useQuery(trpc.executions.list.queryOptions({ scheduleId, limit: 1 }, { enabled: isGone }));
  return displayName(schedule.data ?? last.data?.items[0] ?? { scheduleId });
}
