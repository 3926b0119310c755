"use client";

import { useQuery } from "@tanstack/react-query";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";

export type PauseAll = RouterOutputs["pauseAll"]["get"];

/** How often a visible page asks whether all firing is paused. */
const POLL_MS = 5000;

/** The pause of all firing; undefined before the first answer. If a refetch fails, the last answer is kept. */
export function usePauseAll(): PauseAll | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.pauseAll.get.queryOptions(undefined, { refetchInterval: POLL_MS })).data;
}

/** Whether all firing is paused, as last read by the banner of the page. Does not poll, so that each row may use it. */
export function useIsAllPaused(): boolean {
  const trpc = useTRPC();
  return useQuery(trpc.pauseAll.get.queryOptions(undefined, { enabled: false })).data?.paused ?? false;
}
