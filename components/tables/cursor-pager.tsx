"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "~/components/ui/button";
import { formatCount, formatCounted } from "~/components/ui/format";

/**
 * Buttons for the previous and next page, which keep the focus while they are disabled. If `totalCapped`, the server
 * stopped counting at `total`: "1,000+".
 */
export function CursorPager({
  shown,
  total,
  totalCapped,
  noun = "row",
  onPrevious,
  onNext,
  loading,
}: {
  shown: number;
  total?: number | null;
  totalCapped?: boolean;
  /** What one row is called, in the singular. */
  noun?: string;
  /** Undefined on the first page. */
  onPrevious?: () => void;
  /** Undefined on the last page. */
  onNext?: () => void;
  /** The rows belong to another page, filter or order, so their cursors are not valid here. Disables the buttons. */
  loading?: boolean;
}) {
  const isOnlyPage = !onPrevious && !onNext;
  const text =
    total === undefined || total === null
      ? `${formatCounted(shown, noun)}${isOnlyPage ? "" : " on this page"}`
      : `${formatCount(shown)} of ${formatCounted(total, noun, totalCapped)}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-2 py-3">
      <p aria-live="polite" className="text-muted text-sm">
        {text}
      </p>
      <div className="flex gap-2">
        <Button
          focusableWhenDisabled
          disabled={!onPrevious || loading}
          onClick={onPrevious}
          icon={<ChevronLeft aria-hidden />}
        >
          Previous
        </Button>
        <Button focusableWhenDisabled disabled={!onNext || loading} onClick={onNext}>
          Next
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </nav>
  );
}
