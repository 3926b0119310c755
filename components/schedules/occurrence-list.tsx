"use client";

import { Clock3, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import {
  formatDuration,
  formatInstant,
  formatOffset,
  WEEKDAYS,
  wallTime,
  zoneOffsetMinutes,
} from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { Instant, Relative, useDisplayZone } from "~/components/ui/time";
import type { PreviewOccurrence } from "~/server/domain/views";

/**
 * Lists upcoming runs in the schedule's time zone. Adds the time in the display zone if it differs, the time with
 * jitter, clock changes between two runs, and daylight saving notes.
 */
export function OccurrenceList({
  occurrences,
  zone,
  hrefOf,
}: {
  occurrences: readonly PreviewOccurrence[];
  zone: string;
  /** Makes each time a link; `nominal` is ISO 8601 in UTC. */
  hrefOf?: (nominal: string) => string;
}) {
  const display = useDisplayZone();
  return (
    <ol className="divide-y text-sm">
      {occurrences.map((run, index) => {
        const ms = Date.parse(run.nominal);
        const before = occurrences[index - 1];
        const shiftMinutes =
          before === undefined ? 0 : zoneOffsetMinutes(ms, zone) - zoneOffsetMinutes(Date.parse(before.nominal), zone);
        const hasOtherOffset = zoneOffsetMinutes(ms, zone) !== zoneOffsetMinutes(ms, display.zone);
        const hasJitter = run.effective !== run.nominal;
        return (
          <li key={run.nominal} className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-0.5 py-1.5">
            {shiftMinutes === 0 ? null : (
              <span className="flex w-full items-center gap-1 pb-1 text-muted text-xs">
                <Clock3 aria-hidden className="size-3 shrink-0" />
                Clocks go {shiftMinutes > 0 ? "forward" : "back"} by {formatDuration(Math.abs(shiftMinutes) * 60_000)}{" "}
                between the previous run and this one
              </span>
            )}
            <time dateTime={run.nominal} className="whitespace-nowrap">
              <MaybeLink href={hrefOf?.(run.nominal)}>
                {WEEKDAYS[wallTime(ms, zone).weekday]} {formatInstant(ms, { zone, hour12: display.hour12 })}
              </MaybeLink>{" "}
              <span className="text-subtle text-xs">{formatOffset(zoneOffsetMinutes(ms, zone))}</span>
            </time>
            <Relative value={ms} className="text-muted text-xs" />
            {hasOtherOffset || hasJitter ? (
              <span className="w-full text-muted text-xs">
                {hasOtherOffset ? (
                  <>
                    <Instant value={ms} zone={display.zone} />
                    {hasJitter ? " · " : null}
                  </>
                ) : null}
                {hasJitter ? (
                  <>
                    with jitter <Instant value={run.effective} zone={zone} showZone={false} format="time" />
                  </>
                ) : null}
              </span>
            ) : null}
            {run.note ? (
              <span className="flex w-full items-start gap-1 text-warning-ink text-xs">
                <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
                {run.note}
              </span>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

function MaybeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (href === undefined) return children;
  return (
    <Link href={href} className="inline-block rounded py-0.5 hover:underline">
      {children}
    </Link>
  );
}
