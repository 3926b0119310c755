"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ANY_SCHEDULE } from "~/components/overview/inputs";
import { useTRPC } from "~/components/trpc/client";
import { NoSchedules } from "./no-schedules";

/** Whether there are no schedules at all; false while this is unknown. */
export function useHasNoSchedules(enabled = true): boolean {
  const trpc = useTRPC();
  return useQuery(trpc.schedules.count.queryOptions(ANY_SCHEDULE, { enabled })).data?.total === 0;
}

/** The empty state of a list that only schedules fill. While there are none, it offers to create the first. */
export function NoSchedulesYet({
  text,
  children,
}: {
  /** What the list will show. */
  text: string;
  /** The empty state if there are schedules. */
  children: ReactNode;
}) {
  if (!useHasNoSchedules()) return children;
  return <NoSchedules>{text}</NoSchedules>;
}
