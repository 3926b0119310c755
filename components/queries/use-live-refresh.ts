"use client";

import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { useTRPC } from "~/components/trpc/client";

/** Edits cause no tick, so refresh at least this often. */
const QUIET_MS = 10_000;

export interface LiveRefresh {
  /** By the user. */
  paused: boolean;
  setPaused: (paused: boolean) => void;
  /** The connection to the server is lost. */
  stale: boolean;
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/**
 * Calls `refresh` when the server's tick reports a change. Inactive while the user paused it, while `busy` (a menu or
 * dialog is open), and while the tab is hidden.
 */
export function useLiveRefresh({ refresh, busy = false }: { refresh: () => void; busy?: boolean }): LiveRefresh {
  const trpc = useTRPC();
  const [paused, setPaused] = useState(false);
  const visible = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === "visible",
    () => true,
  );
  const last = useRef({ numbers: "", at: 0 });
  const onTick = useEffectEvent((tick: { at: string; pending: number; running: number; firedSinceLast: number }) => {
    const at = Date.parse(tick.at);
    const numbers = `${tick.pending} ${tick.running}`;
    const moved = tick.firedSinceLast > 0 || numbers !== last.current.numbers;
    if (!moved && at - last.current.at < QUIET_MS) return;
    // The first tick is only the baseline: the page has just loaded.
    const first = last.current.at === 0;
    last.current = { numbers, at };
    if (!first && !busy) refresh();
  });
  const onRefused = useEffectEvent(() => refresh());
  const subscription = useSubscription(
    trpc.live.changes.subscriptionOptions(undefined, {
      enabled: visible && !paused,
      onData: (tick) => onTick(tick),
      // If the session has ended, the page's queries redirect to the sign-in.
      onError: () => onRefused(),
    }),
  );
  const stale = subscription.status === "error" || subscription.status === "connecting";
  return { paused, setPaused, stale };
}
