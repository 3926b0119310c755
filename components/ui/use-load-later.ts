"use client";

import { useEffect } from "react";

/** Time for the rest of the page to load first, ms. */
const LOAD_AFTER_MS = 1000;
/** The browser may be busy for this long before the load starts anyway, ms. */
const IDLE_TIMEOUT_MS = 1000;

/** Calls `load` when the page has had time to load its other parts, and again whenever `load` changes. */
export function useLoadLater(load: () => void): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // Safari has no idle callbacks.
      if (!("requestIdleCallback" in window)) return load();
      requestIdleCallback(load, { timeout: IDLE_TIMEOUT_MS });
    }, LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [load]);
}
