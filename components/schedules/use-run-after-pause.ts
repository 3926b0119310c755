"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";
import type { ShownSchedule } from "./shown-schedule";

type Paused = Pick<ShownSchedule, "status" | "pausedUntil" | "startAt" | "endAt" | "executionTime">;

/** The time after which to search for the first run after a pause that ends by itself, ISO 8601; otherwise null. */
export function searchFrom({ status, pausedUntil, startAt }: Paused): string | null {
  if (status !== "paused" || pausedUntil === null) return null;
  if (startAt === null || Date.parse(startAt) <= Date.parse(pausedUntil)) return pausedUntil;
  // The preview leaves out a run at `from`, but a run at the start is planned.
  return new Date(Date.parse(startAt) - 1).toISOString();
}

/**
 * The run; null if it is after the end of the schedule, or not after the end of the pause, because it then counts as
 * missed.
 */
export function plannedRun({ pausedUntil, endAt }: Paused, run: string | null | undefined): string | null {
  if (!run || pausedUntil === null || Date.parse(run) <= Date.parse(pausedUntil)) return null;
  return endAt !== null && Date.parse(run) > Date.parse(endAt) ? null : run;
}

/** The first run after a pause that ends by itself, ISO 8601; null for none, and while it is loading. */
export function useRunAfterPause(schedule: ShownSchedule): string | null {
  const trpc = useTRPC();
  const { cronExpression, timezone, dstGap, dstOverlap } = schedule;
  const from = searchFrom(schedule);
  const preview = useQuery(
    trpc.schedules.preview.queryOptions(
      { cronExpression: cronExpression ?? "", timezone, dstGap, dstOverlap, from: from ?? undefined, count: 1 },
      { enabled: from !== null && cronExpression !== null, retry: false },
    ),
  );
  if (from === null) return null;
  return plannedRun(schedule, cronExpression === null ? schedule.executionTime : preview.data?.occurrences[0]?.nominal);
}
