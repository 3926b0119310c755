"use client";

import { useQuery } from "@tanstack/react-query";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import type { ExecutionState } from "~/server/domain/views";

const IN_FLIGHT: ReadonlySet<ExecutionState> = new Set(["pending", "running", "retrying", "held"]);
/** Interval for fetching an execution that is in flight or was not found. */
const POLL_MS = 1000;
/** How often "not found" is retried, because a run that a person has just started may not be stored yet. */
const NOT_FOUND_RETRIES = 5;

export const hasEnded = (status: ExecutionState) => !IN_FLIGHT.has(status);

/** One execution, fetched again until it has ended. */
export function useExecution(executionId: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.executions.get.queryOptions(
      { executionId },
      {
        refetchInterval: ({ state }) => (state.data && !hasEnded(state.data.status) ? POLL_MS : false),
        retry: (failures, error) => callErrorOf(error)?.code === "not_found" && failures < NOT_FOUND_RETRIES,
        retryDelay: POLL_MS,
      },
    ),
  );
}
