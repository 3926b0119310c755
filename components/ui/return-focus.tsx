"use client";

import { useEffect, useRef, useState } from "react";
import { lastFocusOnPage } from "./last-focus";

const MENUS = "[role=menu], [role=listbox]";

/**
 * Rendered inside a dialog. If nothing has the focus when the dialog has closed, returns the focus to the element that
 * had it before, or else to the last focused element outside of menus and dialogs. Base UI returns the focus only for
 * dialogs with a trigger, and loses it if the page unmounts an open dialog.
 */
export function ReturnFocus() {
  // Read before the dialog takes the focus.
  const [before] = useState(() => (typeof document === "undefined" ? null : document.activeElement));
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      // Waits a frame: until the dialog is removed, the page cannot take the focus. Does nothing while the dialog is
      // mounted, because React's strict mode also runs this cleanup right after the mount.
      requestAnimationFrame(() => {
        const isTaken = document.activeElement !== null && document.activeElement !== document.body;
        if (isMounted.current || isTaken) return;
        // An item of a closing menu is about to leave the page.
        const isUsable =
          before instanceof HTMLElement &&
          before.isConnected &&
          before !== document.body &&
          before.closest(MENUS) === null;
        (isUsable ? before : lastFocusOnPage())?.focus();
      });
    };
  }, [before]);
  return null;
}
