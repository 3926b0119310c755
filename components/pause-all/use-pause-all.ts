"use client";

import { useQuery } from "@tanstack/react-query";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";

export type PauseAll = RouterOutputs["pauseAll"]["get"];

/** An open page shows a pause and its end within this time. */
const POLL_MS = 5000;

/** The pause of all firing. Keeps the last answer while it cannot be loaded; undefined before the first. */
export function usePauseAll(): PauseAll | undefined {
  const trpc = useTRPC();
  return useQuery(trpc.pauseAll.get.queryOptions(undefined, { refetchInterval: POLL_MS })).data;
}
