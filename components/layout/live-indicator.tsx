"use client";

import { Play } from "lucide-react";
import type { LiveRefresh } from "~/components/queries/use-live-refresh";
import { cn } from "~/components/ui/cn";
import { formatRelative } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { Tooltip } from "~/components/ui/tooltip";

/** Whether the page follows new data, how old the data is, and a switch. */
export function LiveIndicator({
  live: { paused, setPaused, stale },
  updatedAt,
}: {
  live: LiveRefresh;
  /** Epoch ms; 0 before the first data. */
  updatedAt: number;
}) {
  const now = useNow();
  const age = updatedAt === 0 ? "" : `Updated ${formatRelative(Math.min(updatedAt, now), now)}`;
  const state = paused ? "Paused" : stale ? "Reconnecting" : "Live";
  return (
    <Tooltip content={`${paused ? "Resume" : "Pause"} live updates. ${age}`}>
      <button
        type="button"
        aria-pressed={!paused}
        aria-label="Live updates"
        onClick={() => setPaused(!paused)}
        className="flex h-8 items-center gap-1.5 rounded-md px-2 font-medium text-muted text-xs hover:bg-hover hover:text-ink"
      >
        {paused ? (
          <Play aria-hidden className="size-3.5" />
        ) : (
          <span className="relative flex size-3.5 items-center justify-center">
            <span className={cn("size-2 rounded-full", stale ? "bg-warning" : "bg-success")} />
          </span>
        )}
        {state}
        {age ? <span className="font-normal max-xl:hidden">· {age.toLowerCase()}</span> : null}
      </button>
    </Tooltip>
  );
}
