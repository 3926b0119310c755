"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";

/** The verbs of one schedule. Each success makes every list and page of schedules and executions ask anew. */
export function useScheduleMutations() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.schedules.pathFilter()),
      queryClient.invalidateQueries(trpc.executions.pathFilter()),
    ]);
  };
  return {
    toggle: useMutation(trpc.schedules.toggle.mutationOptions({ onSuccess })),
    execute: useMutation(trpc.schedules.execute.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.schedules.delete.mutationOptions()),
  };
}
