"use client";

import { useSyncExternalStore } from "react";

/** Tailwind's `sm`: below it tables are shown as cards. */
const NARROW = "(width < 40rem)";

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}

/** Whether the window is narrower than `sm`; false on the server. For roles and labels: let CSS do the layout. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => false,
  );
}
