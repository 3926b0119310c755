"use client";

import { useCallback, useState } from "react";

/**
 * Observes whether the element's first child fits into the element's width. The attributes `data-before` and
 * `data-after` of the element mark the sides with hidden content.
 */
export function useScrollEdges(): { ref: (box: HTMLElement | null) => (() => void) | undefined; fits: boolean } {
  const [fits, setFits] = useState(true);
  const ref = useCallback((box: HTMLElement | null) => {
    const inner = box?.firstElementChild;
    if (!box || !(inner instanceof HTMLElement)) return;
    // Attributes instead of state, because scrolling must not render the rows again.
    const markEdges = () => {
      const hidden = inner.offsetWidth - box.clientWidth;
      box.toggleAttribute("data-before", hidden > 0 && box.scrollLeft > 0);
      box.toggleAttribute("data-after", hidden > 0 && Math.ceil(box.scrollLeft) < hidden);
    };
    const observer = new ResizeObserver(() => {
      setFits(inner.offsetWidth <= box.clientWidth);
      markEdges();
    });
    observer.observe(box);
    observer.observe(inner);
    box.addEventListener("scroll", markEdges, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", markEdges);
    };
  }, []);
  return { ref, fits };
}
