"use client";

import { useEffect } from "react";

/** Keeps the title of the tab: the server wrote it, but a state in it changes while the page is open. */
export function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Stufio Schedules`;
  }, [title]);
}
