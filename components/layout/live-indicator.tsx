"use client";

import { Play } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { formatRelative } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { Tooltip } from "~/components/ui/tooltip";

/** Whether the page follows new data, how old what it shows is, and a switch. `stale`: the connection is lost. */
export function LiveIndicator({
  paused,
  updatedAt,
  stale = false,
  onPausedChange,
}: {
  paused: boolean;
  /** Epoch ms; null before the first data. */
  updatedAt: number | null;
  stale?: boolean;
  onPausedChange: (paused: boolean) => void;
}) {
  const now = useNow();
  const age = updatedAt === null ? "" : `Updated ${formatRelative(Math.min(updatedAt, now), now)}`;
  const state = paused ? "Paused" : stale ? "Reconnecting" : "Live";
  return (
    <Tooltip content={`${paused ? "Resume" : "Pause"} live updates. ${age}`}>
      <button
        type="button"
        aria-pressed={!paused}
        aria-label="Live updates"
        onClick={() => onPausedChange(!paused)}
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
