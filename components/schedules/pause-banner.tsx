"use client";

import { Callout } from "~/components/ui/callout";
import { Instant, Relative } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { ShownSchedule } from "./shown-schedule";

/** Who paused the schedule, why and until when. For a paused or disabled schedule. */
export function PauseBanner({ schedule }: { schedule: ShownSchedule }) {
  const { pausedAt, pausedBy, pausedUntil, pauseNote } = schedule;
  const noEndText =
    schedule.status === "paused" ? "Paused until someone resumes it." : "It does not fire until someone resumes it.";
  return (
    <Callout
      tone="warning"
      className="mb-5"
      title={
        pausedBy ? (
          <>
            Paused {pausedAt ? <Relative value={pausedAt} /> : null} by {shownActor(pausedBy)}
          </>
        ) : (
          "Disabled"
        )
      }
    >
      {pauseNote ? <p>{pauseNote}</p> : null}
      <p className="text-muted">
        {pausedUntil ? (
          <>
            Resumes automatically <Relative value={pausedUntil} /> (
            <Instant value={pausedUntil} showZone />
            ).
          </>
        ) : (
          noEndText
        )}{" "}
        Run now still works.
      </p>
    </Callout>
  );
}
