"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useOutage } from "~/components/reach/reach-provider";
import { useLiveRefresh } from "./use-live-refresh";

/** Query options by cost: the live tick refetches data that is older than `staleTime`. */
export const FRESH = {
  /** Answered by Redis. */
  quick: { staleTime: 1500 },
  /** Aggregates over a day. */
  slow: { staleTime: 15_000 },
  /** Settings, rights. */
  still: { staleTime: 60_000 },
} as const;

interface Asked {
  state: { status: string };
}

/** Health is also refetched without ticks: while Redis is down there are none. */
const HEALTH_EVERY_MS = 10_000;

/** Live refresh for a page of many tiles. `vital`: options of queries that must not wait for a tick. */
export function useLiveQueries({ busy = false }: { busy?: boolean } = {}) {
  const queryClient = useQueryClient();
  const hasOutage = useOutage() !== null;
  // A query without data that is asked again shows a skeleton: during an outage its error stays instead.
  const isHopeless = ({ state }: Asked) => hasOutage && state.status === "error";
  const live = useLiveRefresh({
    refresh: () => {
      // Requests in flight are not cancelled: a query slower than the tick would never finish.
      const predicate = (query: Asked) => !isHopeless(query);
      void queryClient.refetchQueries({ type: "active", stale: true, predicate }, { cancelRefetch: false });
    },
    busy,
    duringOutage: true,
  });
  const refetchInterval = (query: Asked) => !live.paused && !isHopeless(query) && HEALTH_EVERY_MS;
  return { live, vital: { ...FRESH.quick, refetchInterval } };
}
