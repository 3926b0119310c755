"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { formatCount, formatCounted } from "~/components/ui/format";
import { IconButton } from "~/components/ui/icon-button";

/** Actions on the selected rows, at the bottom of the window while any are selected. */
export function SelectionBar({
  count,
  noun,
  matching,
  allMatching,
  onAllMatching,
  onClear,
  children,
}: {
  count: number;
  /** What one row is called, in the singular. */
  noun: string;
  /** The rows that match the filter. The bar offers to select all of them, or shows `hint` instead. */
  matching?: { total: number; capped: boolean; hint?: string };
  allMatching: boolean;
  onAllMatching: () => void;
  onClear: () => void;
  children: ReactNode;
}) {
  if (count === 0 && !allMatching) return null;
  return (
    <section
      aria-label="Selected rows"
      className="sticky bottom-[calc(0.75rem+var(--strip-height))] z-20 mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-raised px-3 py-2 shadow-pop"
    >
      <p aria-live="polite" className="font-medium text-sm">
        {allMatching && matching
          ? `All ${formatCounted(matching.total, noun, matching.capped)} that match`
          : `${formatCount(count)} selected`}
      </p>
      {!allMatching && matching && matching.total > count ? (
        matching.hint ? (
          <span className="text-muted text-xs">{matching.hint}</span>
        ) : (
          <Button size="sm" variant="ghost" onClick={onAllMatching}>
            Select all {formatCount(matching.total, matching.capped)} that match
          </Button>
        )
      ) : null}
      <div className="ml-auto flex flex-wrap items-center gap-2">
        {children}
        <IconButton label="Clear selection" icon={<X aria-hidden />} onClick={onClear} size="sm" />
      </div>
    </section>
  );
}
