"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useOutage } from "~/components/reach/reach-provider";
import { KEEP_PENDING_REQUEST } from "~/components/trpc/query-client";
import { useLiveRefresh } from "./use-live-refresh";

/** Query options by cost. A tick refetches data that is older than `staleTime` (ms). */
export const FRESH = {
  /** Answered by Redis. */
  quick: { staleTime: 1500 },
  /** Aggregates over a day. */
  slow: { staleTime: 15_000 },
  /** Settings, rights. */
  still: { staleTime: 60_000 },
} as const;

interface QueryLike {
  state: { status: string };
}

/** `vital` queries are also refetched on a timer, because there are no ticks while Redis is down. */
const VITAL_EVERY_MS = 10_000;

/** Live refresh for a page of many tiles. `vital` has the options of queries that must not wait for a tick. */
export function useLiveQueries() {
  const queryClient = useQueryClient();
  const hasOutage = useOutage() !== null;
  // A query without data shows a skeleton while it is refetched. During an outage, keep its error instead.
  const failedInOutage = ({ state }: QueryLike) => hasOutage && state.status === "error";
  const live = useLiveRefresh({
    refresh: () => {
      const predicate = (query: QueryLike) => !failedInOutage(query);
      void queryClient.refetchQueries({ type: "active", stale: true, predicate }, KEEP_PENDING_REQUEST);
    },
    duringOutage: true,
  });
  const refetchInterval = (query: QueryLike) => !live.isPaused && !failedInOutage(query) && VITAL_EVERY_MS;
  return { live, vital: { ...FRESH.quick, refetchInterval } };
}

/** The options of queries that the page's live indicator pauses. */
export type LiveQueryOptions = ReturnType<typeof useLiveQueries>["vital"];
