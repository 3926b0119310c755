"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** The server's time of rendering, so that the first render in the browser is the same. Epoch ms. */
export const ServerNowContext = createContext(0);

let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

// One timer for all relative times on the page; it stops when none is shown.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  nowMs = Date.now();
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const notify of listeners) notify();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The current time in epoch ms, rounded down to a multiple of `resolutionMs`. Re-renders when this value changes. */
export function useNow(resolutionMs = 1000): number {
  const serverNow = useContext(ServerNowContext);
  const roundDown = (ms: number) => Math.floor(ms / resolutionMs) * resolutionMs;
  return useSyncExternalStore(
    subscribe,
    () => roundDown(nowMs),
    () => roundDown(serverNow),
  );
}
