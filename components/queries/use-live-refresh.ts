"use client";

import { useSubscription } from "@trpc/tanstack-react-query";
import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { useOutage } from "~/components/reach/reach-provider";
import { useTRPC } from "~/components/trpc/client";

/** Edits cause no tick, so refresh at least this often. */
const QUIET_MS = 10_000;

export interface LiveRefresh {
  /** By the user. */
  paused: boolean;
  setPaused: (paused: boolean) => void;
  /** The stream of ticks is not connected. */
  disconnected: boolean;
  /** When the last tick arrived, epoch ms; null before the first since the stream was opened. */
  lastTickAt: () => number | null;
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/**
 * Calls `refresh` when the server's tick reports a change. Inactive while the user paused it, while `busy` (a menu or
 * dialog is open), and while the tab is hidden.
 */
export function useLiveRefresh({
  refresh,
  busy = false,
  duringOutage = false,
}: {
  refresh: () => void;
  busy?: boolean;
  /** Also while a store does not respond: `refresh` then asks for what the others have. */
  duringOutage?: boolean;
}): LiveRefresh {
  const trpc = useTRPC();
  const [paused, setPaused] = useState(false);
  const visible = useSyncExternalStore(
    onVisibility,
    () => document.visibilityState === "visible",
    () => true,
  );
  const last = useRef({ numbers: "", at: 0 });
  const isFine = useOutage() === null;
  const tickAt = useRef<number | null>(null);
  const onTick = useEffectEvent((tick: { at: string; pending: number; running: number; firedSinceLast: number }) => {
    tickAt.current = Date.now();
    const at = Date.parse(tick.at);
    const numbers = `${tick.pending} ${tick.running}`;
    const moved = tick.firedSinceLast > 0 || numbers !== last.current.numbers;
    if (!moved && at - last.current.at < QUIET_MS) return;
    // The first tick is only the baseline: the page has just loaded.
    const first = last.current.at === 0;
    last.current = { numbers, at };
    if (!first && !busy && (isFine || duringOutage)) refresh();
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
  const { status, reset } = subscription;
  useEffect(() => {
    // A stream that was refused during an outage is not opened again by itself.
    if (isFine && status === "error") reset();
  }, [isFine, status, reset]);
  useEffect(() => {
    // A stream that was closed on purpose has no late ticks.
    if (paused || !visible) tickAt.current = null;
  }, [paused, visible]);
  const disconnected = status === "error" || status === "connecting";
  return { paused, setPaused, disconnected, lastTickAt: () => tickAt.current };
}
