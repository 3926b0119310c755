import { Instant, Relative } from "~/components/ui/time";
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
      by {pausedBy},{" "}
      {until ? (
        <>
          until <Instant value={until} /> (<Relative value={until} />)
        </>
      ) : (
        "without an end"
      )}
    </>
  );
}
