"use client";

import { formatDuration, type TimeInput, toEpochMs } from "~/components/ui/format";
import { useNow } from "~/components/ui/now";
import { Instant } from "~/components/ui/time";
import { untilRun } from "./until-run";

/**
 * How long it is until a run; "All paused" if `isAllPaused` (all firing is paused). `at`: its effective time, or its
 * nominal time with its jitter.
 */
export function UntilRun({
  at,
  jitterSeconds = 0,
  isAllPaused,
}: {
  at: TimeInput;
  jitterSeconds?: number;
  isAllPaused: boolean;
}) {
  const nowMs = useNow();
  return (
    <span className={isAllPaused ? "whitespace-nowrap text-muted" : "whitespace-nowrap tabular-nums"}>
      {untilRun({ atMs: toEpochMs(at) ?? nowMs, jitterMs: jitterSeconds * 1000, nowMs, isAllPaused })}
    </span>
  );
}

/** The scheduled time of a run, as in all lists, and the delay that its jitter adds. */
export function RunTime({ nominal, effective, className }: { nominal: string; effective: string; className?: string }) {
  const jitterMs = Date.parse(effective) - Date.parse(nominal);
  return (
    <span className={className}>
      <Instant value={nominal} format="time" />
      {jitterMs >= 1000 ? (
        <span title="Jitter: the run fires this much later">
          {" "}
          +{formatDuration(Math.floor(jitterMs / 1000) * 1000)}
        </span>
      ) : null}
    </span>
  );
}
