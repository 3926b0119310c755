"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";

/**
 * The mutations of one schedule. `toggle` and `execute` refetch all schedules, executions and audit entries. `remove`
 * does not, because a refetch of the deleted schedule would fail while its page is still open.
 */
export function useScheduleMutations() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([
      queryClient.invalidateQueries(trpc.schedules.pathFilter()),
      queryClient.invalidateQueries(trpc.executions.pathFilter()),
      queryClient.invalidateQueries(trpc.audit.pathFilter()),
    ]);
  };
  return {
    toggle: useMutation(trpc.schedules.toggle.mutationOptions({ onSuccess })),
    execute: useMutation(trpc.schedules.execute.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.schedules.delete.mutationOptions()),
  };
}
