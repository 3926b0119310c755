"use client";

import { type ReactNode, useEffect, useRef } from "react";

/** How long the next page may take to show its title and still get the focus. */
const WAIT_MS = 10_000;

/** Epoch ms. Until this time, a new title takes the focus. */
let focusUntilMs = 0;

/**
 * Moves the focus to the title of the page that opens within `WAIT_MS`, if nothing else has the focus. The button that
 * was pressed loses the focus, because it is removed together with the old page.
 */
export function focusNextTitle(): void {
  focusUntilMs = Date.now() + WAIT_MS;
}

/** The only `h1` of a page. */
export function PageTitle({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isFocusLost = document.activeElement === null || document.activeElement === document.body;
    // Does not reset `focusUntilMs`, because the page's own title comes after the title of the loading page.
    if (Date.now() < focusUntilMs && isFocusLost) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className="break-words font-semibold text-xl tracking-tight outline-none">
      {children}
    </h1>
  );
}
