"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "~/components/ui/button";
import { formatCount } from "~/components/ui/format";

/** Buttons for the previous and next page. With `totalCapped` the server stopped counting at `total`: "1,000+". */
export function CursorPager({
  shown,
  total,
  totalCapped,
  noun = "rows",
  onPrevious,
  onNext,
  loading,
}: {
  shown: number;
  total?: number | null;
  totalCapped?: boolean;
  /** Plural noun of the rows. */
  noun?: string;
  /** Undefined on the first page. */
  onPrevious?: () => void;
  /** Undefined on the last page. */
  onNext?: () => void;
  loading?: boolean;
}) {
  const of = total === undefined || total === null ? "" : ` of ${formatCount(total, totalCapped)}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-2 py-3">
      <p aria-live="polite" className="text-muted text-sm">
        {formatCount(shown)}
        {of} {noun}
      </p>
      <div className="flex gap-2">
        <Button disabled={!onPrevious || loading} onClick={onPrevious} icon={<ChevronLeft aria-hidden />}>
          Previous
        </Button>
        <Button disabled={!onNext || loading} onClick={onNext}>
          Next
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </nav>
  );
}
