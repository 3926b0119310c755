"use client";

import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import type { RetriedQuery } from "./failed-queries";
import { errorText } from "./load-error";

/** The error and the retry of a tile with several queries, from `failedQueries`. Renders nothing without a failure. */
export function RetryFailed({ failed, className }: { failed: RetriedQuery | null; className?: string }) {
  if (failed === null) return null;
  return (
    <div className={cn("flex flex-wrap items-center gap-x-3 gap-y-1.5 text-muted text-xs", className)}>
      <span className="min-w-0 break-words">{errorText(failed.error)}</span>
      <Button size="sm" loading={failed.isFetching} onClick={() => void failed.refetch()}>
        Check again
      </Button>
    </div>
  );
}
