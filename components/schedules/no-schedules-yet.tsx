"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMay } from "~/components/access/may";
import { ANY_SCHEDULE } from "~/components/overview/inputs";
import { useTRPC } from "~/components/trpc/client";
import { NoSchedules } from "./no-schedules";

const REFETCH_MS = 30_000;

/** Whether there are no schedules that the caller may see; false while this is unknown. */
export function useHasNoSchedules(enabled = true): boolean {
  const trpc = useTRPC();
  const isAsked = useMay()("schedules:read") && enabled;
  const options = { enabled: isAsked, refetchInterval: REFETCH_MS };
  const { data } = useQuery(trpc.schedules.count.queryOptions(ANY_SCHEDULE, options));
  return isAsked && data?.total === 0;
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
