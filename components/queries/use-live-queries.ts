"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useLiveRefresh } from "./use-live-refresh";

/** Options of a query by how dear it is: the live tick asks again for what is older than this. */
export const FRESH = {
  /** What Redis knows. */
  quick: { staleTime: 1500 },
  /** Sums over a day. */
  slow: { staleTime: 15_000 },
  /** Settings, rights. */
  still: { staleTime: 60_000 },
} as const;

/** Health is asked without any tick as well: when Redis is away there are none. */
const HEALTH_EVERY_MS = 10_000;

/** The live refresh of a page of many tiles. `vital` are the options of the queries that must not wait for a tick. */
export function useLiveQueries({ busy = false }: { busy?: boolean } = {}) {
  const queryClient = useQueryClient();
  const live = useLiveRefresh({
    // What is on its way is left alone: a query slower than the tick, or one that is retried, would never end.
    refresh: () => void queryClient.refetchQueries({ type: "active", stale: true }, { cancelRefetch: false }),
    busy,
  });
  const vital = { ...FRESH.quick, refetchInterval: live.paused ? (false as const) : HEALTH_EVERY_MS };
  return { live, vital };
}
