"use client";

import { useCallback, useState } from "react";

/** The width of an element in px; null on the server and before the first measurement. */
export function useWidth(): { ref: (box: HTMLElement | null) => (() => void) | undefined; width: number | null } {
  const [width, setWidth] = useState<number | null>(null);
  const ref = useCallback((box: HTMLElement | null) => {
    if (!box) return;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
