"use client";

import { Callout } from "~/components/ui/callout";
import { Instant } from "~/components/ui/time";
import type { ScheduleFormValues } from "./schedule-form-model";
import { useTimeChanges } from "./use-time-changes";

/** How the planned times of the next 7 days, before jitter, differ between two definitions. */
export function TimeSummary({ before, after }: { before: ScheduleFormValues; after: ScheduleFormValues }) {
  const { changed, changes, isTruncated } = useTimeChanges(before, after);
  if (!changed) return <p className="text-muted text-sm">The planned run times do not change.</p>;
  if (!changes) return <p className="text-muted text-sm">Comparing run times for the next 7 days…</p>;
  const { added, removed, nextBefore, nextAfter } = changes;
  return (
    <Callout tone="info" title="Run times change">
      <p>
        In the next 7 days {isTruncated ? "at least " : ""}
        {added} {added === 1 ? "run is" : "runs are"} added and {removed} removed.
      </p>
      <p>
        {nextBefore === nextAfter ? (
          "The next run does not change"
        ) : (
          <>
            The next run moves from <Instant value={nextBefore} zone={before.timezone} /> to{" "}
            <Instant value={nextAfter} zone={after.timezone} />
          </>
        )}
        .
      </p>
    </Callout>
  );
}
