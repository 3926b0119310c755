"use client";

import { useLiveRefresh } from "./use-live-refresh";

const NO_REFRESH = () => {};

/**
 * Live updates for a page of slow queries: they are loaded again every `everyMs`, not on each tick, until the user
 * pauses. The ticks only tell the indicator that the server responds.
 */
export function useLivePolling(everyMs: number) {
  const live = useLiveRefresh({ refresh: NO_REFRESH });
  const refetchInterval: number | false = live.paused ? false : everyMs;
  return { live, refetchInterval };
}
