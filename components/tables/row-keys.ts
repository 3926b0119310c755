"use client";

import { type KeyboardEvent, useRef } from "react";
import { useShortcut } from "~/components/layout/shortcuts";

/** j and k move the focus over the rows of a table; Enter opens and x selects the focused row. */
export function useRowKeys({
  count,
  enabled,
  onOpen,
  onToggle,
}: {
  count: number;
  enabled: boolean;
  onOpen?: (index: number) => void;
  onToggle?: (index: number) => void;
}) {
  const rows = useRef(new Map<number, HTMLTableRowElement>());
  const last = useRef(-1);

  // The row with the focus, else the row to which j or k moved last; -1 before the first move.
  const focusedIndex = () => {
    for (const [index, row] of rows.current) if (row.contains(document.activeElement)) return index;
    return last.current;
  };
  const move = (step: 1 | -1) => {
    if (count === 0) return;
    const next = Math.min(count - 1, Math.max(0, focusedIndex() + step));
    last.current = next;
    rows.current.get(next)?.focus();
  };
  useShortcut({ keys: "j", label: "Next row", group: "Lists" }, () => move(1), enabled);
  useShortcut({ keys: "k", label: "Previous row", group: "Lists" }, () => move(-1), enabled);
  useShortcut(
    { keys: "x", label: "Select the row", group: "Lists" },
    () => {
      const index = focusedIndex();
      if (index >= 0 && index < count) onToggle?.(index);
    },
    enabled && onToggle !== undefined,
  );

  return {
    row: (index: number) => ({
      ref: (element: HTMLTableRowElement | null) => {
        if (element) rows.current.set(index, element);
        else rows.current.delete(index);
      },
      tabIndex: enabled ? -1 : undefined,
      onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => {
        // Links and buttons inside the row handle Enter themselves.
        if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(index);
      },
    }),
  };
}
