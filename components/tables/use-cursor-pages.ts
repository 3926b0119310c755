"use client";

import { useRef } from "react";

export interface CursorPages {
  /** The cursor of the page that is shown; null on the first page. */
  cursor: string | null;
  /**
   * Sets the cursor together with the filters and the order of the rows that are shown, because it is valid only with
   * these. While the router is still applying an earlier change, the URL may have older ones.
   */
  goTo: (cursor: string | null) => void;
}

/**
 * Steps between the pages of a list. The server returns only the cursor of the next page, so the browser remembers
 * which page led to each cursor. After a reload, Previous opens the first page.
 */
export function useCursorPages({ cursor, goTo }: CursorPages) {
  const previousOf = useRef(new Map<string, string | null>());
  return {
    /** Undefined on the first page. */
    previous: cursor === null ? undefined : () => goTo(previousOf.current.get(cursor) ?? null),
    /** Returns the step to the next page; undefined on the last page, whose `nextCursor` is null. */
    next: (nextCursor: string | null) =>
      nextCursor === null
        ? undefined
        : () => {
            previousOf.current.set(nextCursor, cursor);
            goTo(nextCursor);
          },
  };
}
