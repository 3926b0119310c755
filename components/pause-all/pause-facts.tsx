import { Instant, Relative } from "~/components/ui/time";
import { shownActor } from "~/server/domain/shown-actor";
import type { PauseAll } from "./use-pause-all";

/** Since when, by whom and until when all firing is paused. */
export function PauseFacts({ pause: { pausedAt, pausedBy, until } }: { pause: PauseAll }) {
  return (
    <>
      {pausedAt ? (
        <>
          since <Instant value={pausedAt} />{" "}
        </>
      ) : null}
      by {shownActor(pausedBy ?? "")},{" "}
      {until ? (
        <>
          until <Instant value={until} /> (<Relative value={until} />)
        </>
      ) : (
        "until someone resumes it"
      )}
    </>
  );
}
