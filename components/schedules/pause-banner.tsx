"use client";

import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Instant, Relative } from "~/components/ui/time";
import type { ShownSchedule } from "./shown-schedule";

/** Who paused the schedule, why and until when. Renders nothing while it is active. */
export function PauseBanner({ schedule, onResume }: { schedule: ShownSchedule; onResume: () => void }) {
  if (schedule.status !== "paused" && schedule.status !== "disabled") return null;
  const { pausedBy, pausedUntil, pauseNote } = schedule;
  return (
    <Callout
      tone="warning"
      className="mb-5"
      title={pausedBy ? `Paused by ${pausedBy}` : "Disabled"}
      action={
        <Button size="sm" onClick={onResume}>
          Resume
        </Button>
      }
    >
      {pauseNote ? <p>{pauseNote}</p> : null}
      <p className="text-muted">
        {pausedUntil ? (
          <>
            Resumes automatically <Relative value={pausedUntil} /> (<Instant value={pausedUntil} />
            ).
          </>
        ) : (
          "Paused until someone resumes it."
        )}{" "}
        Run now still works.
      </p>
    </Callout>
  );
}
