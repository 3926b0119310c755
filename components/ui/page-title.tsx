"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** How long the next page may take to show its title. */
const WAIT_MS = 10_000;

/** Epoch ms. Until then, a title that is shown takes the focus. */
let focusUntilMs = 0;

/** Moves the focus to the title of the page that opens next, because the pressed button leaves with its page. */
export function focusNextTitle(): void {
  focusUntilMs = Date.now() + WAIT_MS;
}

/** The only `h1` of a page. */
export function PageTitle({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The loading page has a title too, so the title that replaces it must get the focus as well.
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (Date.now() < focusUntilMs && isLost) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className="break-words font-semibold text-xl tracking-tight outline-none">
      {children}
    </h1>
  );
}
