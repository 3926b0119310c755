"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { KEEP_PENDING_REQUEST } from "~/components/trpc/query-client";
import { useIsPopupOpen } from "~/components/ui/open-popups";
import { hasMissedPoll } from "./missed-poll";
import { useLiveRefresh } from "./use-live-refresh";

const doNothing = () => {};

/**
 * Live updates for a page of slow queries. The queries are refetched every `everyMs`, but not while the user has paused
 * live updates, or a dialog, a menu or a popover is open. Ticks only tell the indicator that the server responds.
 */
export function useLivePolling(everyMs: number) {
  const queryClient = useQueryClient();
  const live = useLiveRefresh({ refresh: doNothing });
  const isPopupOpen = useIsPopupOpen();
  const isHeld = live.isHeld || isPopupOpen;
  const isPolling = !live.isPaused && !isHeld;
  const wasHeld = useRef(false);
  useEffect(() => {
    if (!isPolling) wasHeld.current = true;
    if (!isPolling || !wasHeld.current) return;
    wasHeld.current = false;
    // The interval starts again after a hold, so a query whose poll was held back is refetched now.
    const predicate = (query: Parameters<typeof hasMissedPoll>[0]) => hasMissedPoll(query, everyMs, Date.now());
    void queryClient.refetchQueries({ type: "active", predicate }, KEEP_PENDING_REQUEST);
  }, [isPolling, everyMs, queryClient]);
  const refetchInterval: number | false = isPolling && everyMs;
  return { live, refetchInterval };
}
