"use client";

import { type DehydratedState, HydrationBoundary, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import { gateOf, resumed } from "./streamed-queries";

/** Passes the server's queries to the components inside: the data that it has, and answers that are still to come. */
export function StreamedHydration({ state, children }: { state: DehydratedState; children: ReactNode }) {
  const queryClient = useQueryClient();
  const gate = gateOf(state);
  const shown = useMemo(() => {
    const onFailure = (queryKey: QueryKey) => {
      const query = queryClient.getQueryCache().find({ queryKey, exact: true });
      // Runs the query here, with the retries of its components. Older data stays.
      if (query?.state.data === undefined) void queryClient.resetQueries({ queryKey, exact: true });
    };
    return resumed(state, { opened: gate.opened, onFailure, isServer: typeof window === "undefined" });
  }, [state, gate, queryClient]);
  // After the effects of the children, so after they are hydrated.
  useEffect(() => gate.open(), [gate]);
  return <HydrationBoundary state={shown}>{children}</HydrationBoundary>;
}
