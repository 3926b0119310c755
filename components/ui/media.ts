"use client";

import { useSyncExternalStore } from "react";

/** Below Tailwind's `sm`, tables are shown as cards. */
const NARROW = "(width < 40rem)";

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}

/** Whether the window is narrower than `sm`; false on the server. Only for what CSS cannot do, not for layout. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}
