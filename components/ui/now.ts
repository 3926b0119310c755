"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

/** The server's time of rendering, so that the first render in the browser is the same. Epoch ms. */
export const ServerNowContext = createContext(0);

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

// One timer for all relative times on the page; it stops when none is shown.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
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

/** The current time, epoch ms. Re-renders once per `resolutionMs`. */
export function useNow(resolutionMs = 1000): number {
  const serverNow = useContext(ServerNowContext);
  const read = (ms: number) => Math.floor(ms / resolutionMs) * resolutionMs;
  return useSyncExternalStore(
    subscribe,
    () => read(now),
    () => read(serverNow),
  );
}
