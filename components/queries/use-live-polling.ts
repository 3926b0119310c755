"use client";

import { useLiveRefresh } from "./use-live-refresh";

const doNothing = () => {};

/**
 * Live updates for a page of slow queries. The queries are refetched every `everyMs`. Ticks only tell the indicator
 * that the server responds. A dialog does not hold the updates.
 */
export function useLivePolling(everyMs: number) {
  const live = useLiveRefresh({ refresh: doNothing });
  const refetchInterval: number | false = live.isPaused ? false : everyMs;
  return { live: { ...live, isHeld: false }, refetchInterval };
}
