"use client";

import { useSyncExternalStore } from "react";

const POPUP_OPEN = "data-popup-open";

/** Whether a menu, a popover, a select or a filter is open. Base UI marks the trigger of an open popup. */
export const isPopupOpen = () => document.querySelector(`[${POPUP_OPEN}]`) !== null;

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { subtree: true, attributeFilter: [POPUP_OPEN] });
  return () => observer.disconnect();
}

/** Like `isPopupOpen`, for rendering. */
export function useIsPopupOpen(): boolean {
  return useSyncExternalStore(subscribe, isPopupOpen, () => false);
}
