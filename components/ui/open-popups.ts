"use client";

import { useSyncExternalStore } from "react";

const POPUP_OPEN = "data-popup-open";

/** Whether a popup with a trigger is open, such as a menu, a popover or a select. Base UI marks its trigger. */
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
