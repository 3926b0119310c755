"use client";

import { Instant, Relative } from "~/components/ui/time";
import type { LastPause } from "~/server/domain/audit/pauses";
import { shownActor } from "~/server/domain/shown-actor";

/** A pause in words: who paused it when, until when and why, and on the next line who resumed it. */
export function PauseStory({
  pause,
  className,
  storyClassName,
}: {
  pause: LastPause;
  className?: string;
  /** Classes of the first line, for example to truncate a long note. */
  storyClassName?: string;
}) {
  const { pausedAt, pausedBy, note, until, resumedAt, resumedBy } = pause;
  return (
    <span className={className}>
      <span className={storyClassName}>
        Paused <Relative value={pausedAt} /> by {shownActor(pausedBy)}
        {until === null ? null : (
          <>
            {" "}
            until <Instant value={until} format="short" precision="minute" />
          </>
        )}
        {note === null ? null : `: ${note}`}
      </span>
      {resumedAt === null ? null : (
        <span className="block">
          Resumed <Relative value={resumedAt} /> by {resumedBy === null ? null : shownActor(resumedBy)}
        </span>
      )}
    </span>
  );
}
