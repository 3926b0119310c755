"use client";

import { useEffect } from "react";

/** Keeps the title of the browser tab up to date, for pages whose title contains a state. */
export function useTabTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Stufio Schedules`;
  }, [title]);
}
