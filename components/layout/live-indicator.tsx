"use client";

import { CircleAlert, Play, RefreshCwOff } from "lucide-react";
import type { LiveRefresh } from "~/components/queries/use-live-refresh";
import { useOutage } from "~/components/reach/reach-provider";
import { type Liveness, livenessOf } from "~/components/reach/reach-state";
import { cn } from "~/components/ui/cn";
import { formatInstant, formatRelative } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { useDisplayZone } from "~/components/ui/time";
import { Tooltip } from "~/components/ui/tooltip";

/** Shows whether the page updates itself and how old its data is. A click pauses or resumes live updates. */
export function LiveIndicator({
  live: { isPaused, setPaused, isHeld, isDisconnected, lastTickAt },
  updatedAt,
  computedAt,
  everyMs,
}: {
  live: LiveRefresh;
  /** Epoch ms; 0 before the first data. */
  updatedAt: number;
  /** When the server computed the data, ISO 8601, if the server caches the answer. */
  computedAt?: string;
  /** The refresh interval of a page that polls slow queries; undefined for a page that refreshes with ticks. */
  everyMs?: number;
}) {
  const nowMs = useNow();
  const zone = useDisplayZone();
  const outage = useOutage();
  const liveness = livenessOf({
    isPaused,
    isHeld,
    isDisconnected,
    tickAt: lastTickAt(),
    updatedAt,
    outage,
    nowMs,
    everyMs,
  });
  const dataAt = Math.min(computedAt === undefined ? updatedAt : Date.parse(computedAt), updatedAt, nowMs);
  const age = updatedAt === 0 ? "" : `Updated ${formatRelative(dataAt, nowMs)}`;
  const text =
    liveness.kind === "stale"
      ? `Stale since ${formatInstant(liveness.since, { ...zone, format: "time" })}`
      : KIND_LABELS[liveness.kind];
  const hint =
    liveness.kind === "held"
      ? "Updates are paused while a row is selected, or a dialog or a menu is open."
      : `${isPaused ? "Resume" : "Pause"} live updates.`;
  return (
    <Tooltip content={`${hint} ${age}`}>
      <button
        type="button"
        aria-pressed={!isPaused}
        aria-label={`Live updates: ${text}`}
        onClick={() => setPaused(!isPaused)}
        className={cn(
          "flex h-8 items-center gap-1.5 rounded-md px-2 font-medium text-xs hover:bg-hover hover:text-ink",
          liveness.kind === "stale" ? "text-warning-ink" : "text-muted",
        )}
      >
        <Mark kind={liveness.kind} />
        {text}
        {age && liveness.kind !== "stale" ? (
          <span className="font-normal max-xl:hidden">· {age.toLowerCase()}</span>
        ) : null}
      </button>
    </Tooltip>
  );
}

// Not "On hold", because a hold is a state of firing, not of a page.
const KIND_LABELS = {
  live: "Live",
  paused: "Updates paused",
  held: "Updates paused",
  reconnecting: "Reconnecting",
} as const;

function Mark({ kind }: Pick<Liveness, "kind">) {
  if (kind === "paused") return <Play aria-hidden className="size-3.5" />;
  if (kind === "held") return <RefreshCwOff aria-hidden className="size-3.5" />;
  if (kind === "stale") return <CircleAlert aria-hidden className="size-3.5" />;
  return (
    <span className="relative flex size-3.5 items-center justify-center">
      <span className={cn("size-2 rounded-full", kind === "live" ? "bg-success" : "bg-warning")} />
    </span>
  );
}
