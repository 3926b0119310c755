"use client";

import { type DehydratedState, HydrationBoundary, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo } from "react";
import { gateOf, resumed } from "./streamed-queries";

/** Passes the server's queries to the components inside: available data, and promises of later answers. */
export function StreamedHydration({ state, children }: { state: DehydratedState; children: ReactNode }) {
  const queryClient = useQueryClient();
  const gate = gateOf(state);
  const shown = useMemo(() => {
    const onFailure = (queryKey: QueryKey) => {
      const query = queryClient.getQueryCache().find({ queryKey, exact: true });
      // The query failed on the server. Without older data to show, the browser runs the query, with retries.
      if (query?.state.data === undefined) void queryClient.resetQueries({ queryKey, exact: true });
    };
    return resumed(state, { opened: gate.opened, onFailure, isServer: typeof window === "undefined" });
  }, [state, gate, queryClient]);
  // Runs after the effects of the children, so after the children are hydrated.
  useEffect(() => gate.open(), [gate]);
  return <HydrationBoundary state={shown}>{children}</HydrationBoundary>;
}
