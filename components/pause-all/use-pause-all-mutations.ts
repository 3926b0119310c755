"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "~/components/trpc/client";

/** Pauses and resumes all firing, and refetches the queries that show the pause. */
export function usePauseAllMutations() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const onSuccess = async () => {
    await Promise.all([
      queries.invalidateQueries(trpc.pauseAll.pathFilter()),
      queries.invalidateQueries(trpc.monitoring.pathFilter()),
    ]);
  };
  return {
    pause: useMutation(trpc.pauseAll.pause.mutationOptions({ onSuccess })),
    resume: useMutation(trpc.pauseAll.resume.mutationOptions({ onSuccess })),
  };
}
