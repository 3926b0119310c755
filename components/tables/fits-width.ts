"use client";

import { useCallback, useState } from "react";

/** Observes whether the first child of the element fits its width. */
export function useFitsWidth(): { ref: (box: HTMLElement | null) => (() => void) | undefined; fits: boolean } {
  const [fits, setFits] = useState(true);
  const ref = useCallback((box: HTMLElement | null) => {
    const inner = box?.firstElementChild;
    if (!box || !(inner instanceof HTMLElement)) return;
    const observer = new ResizeObserver(() => setFits(inner.offsetWidth <= box.clientWidth));
    observer.observe(box);
    observer.observe(inner);
    return () => observer.disconnect();
  }, []);
  return { ref, fits };
}
