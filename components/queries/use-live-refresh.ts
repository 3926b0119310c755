"use client";

import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { useOutage } from "~/components/reach/reach-provider";
import { useTRPC } from "~/components/trpc/client";
import { useIsDialogOpen } from "~/components/ui/open-dialogs";
import { isPopupOpen } from "~/components/ui/open-popups";
import { afterTick, NO_REFRESH, type Tick } from "./live-tick";

export interface LiveRefresh {
  /** The user has paused live updates. */
  isPaused: boolean;
  setPaused: (isPaused: boolean) => void;
  /** Updates are held back, because rows are selected, or a dialog or a sheet is open. */
  isHeld: boolean;
  /** The stream of ticks is not connected. */
  isDisconnected: boolean;
  /** When the last tick arrived, epoch ms; null before the first tick of the stream. */
  lastTickAt: () => number | null;
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/**
 * Calls `refresh` when the server's tick reports a change, and at the latest with the first tick after 10 s. Inactive
 * while the user has paused live updates, while `busy` (rows are selected, or a sheet is open), while a dialog, a menu
 * or a popover is open, and while the tab is hidden.
 */
export function useLiveRefresh({
  refresh,
  busy = false,
  duringOutage = false,
}: {
  refresh: () => void;
  busy?: boolean;
  /** Also refreshes while a store does not respond. `refresh` must then skip failing queries. */
  duringOutage?: boolean;
}): LiveRefresh {
  const trpc = useTRPC();
  const [isPaused, setPaused] = useState(false);
  const visible = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === "visible",
    () => true,
  );
  const isDialogOpen = useIsDialogOpen();
  const isHeld = busy || isDialogOpen;
  const last = useRef(NO_REFRESH);
  const allRespond = useOutage() === null;
  const tickAt = useRef<number | null>(null);
  const onTick = useEffectEvent((tick: Tick) => {
    tickAt.current = Date.now();
    const next = afterTick(last.current, tick, isHeld || isPopupOpen());
    last.current = next.last;
    if (next.refreshes && (allRespond || duringOutage)) refresh();
  });
  const onRefused = useEffectEvent(() => refresh());
  const subscription = useSubscription(
    trpc.live.changes.subscriptionOptions(undefined, {
      enabled: visible && !isPaused,
      onData: (tick) => onTick(tick),
      // If the session has ended, the page's queries open the sign-in.
      onError: () => onRefused(),
    }),
  );
  const { status, reset } = subscription;
  useEffect(() => {
    // A stream that was refused during an outage does not reconnect on its own.
    if (allRespond && status === "error") reset();
  }, [allRespond, status, reset]);
  useEffect(() => {
    // The page itself has closed the stream, so missing ticks do not mean that the data is stale.
    if (isPaused || !visible) tickAt.current = null;
  }, [isPaused, visible]);
  const isDisconnected = status === "error" || status === "connecting";
  return { isPaused, setPaused, isHeld, isDisconnected, lastTickAt: () => tickAt.current };
}
