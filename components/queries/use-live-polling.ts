"use client";

import { useLiveRefresh } from "./use-live-refresh";

const doNothing = () => {};

/**
 * Live updates for a page of slow queries: the queries are refetched every `everyMs`, not on each tick, unless the user
 * has paused the updates. The ticks only tell the indicator that the server responds.
 */
export function useLivePolling(everyMs: number) {
  const live = useLiveRefresh({ refresh: doNothing });
  const refetchInterval: number | false = live.paused ? false : everyMs;
  return { live, refetchInterval };
}
