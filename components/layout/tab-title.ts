"use client";

import { useEffect } from "react";

/** Updates the title of the tab when the state in it changes while the page is open. */
export function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Stufio Schedules`;
  }, [title]);
}
