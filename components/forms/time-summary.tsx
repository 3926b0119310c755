"use client";

import type { ReactNode } from "react";
import { LoadError } from "~/components/queries/load-error";
import { Callout } from "~/components/ui/callout";
import { Instant } from "~/components/ui/time";
import type { ScheduleFormValues } from "./schedule-form-model";
import { useTimeChanges } from "./use-time-changes";

/** How the planned times of the next 7 days, before jitter, differ between two definitions. */
export function TimeSummary({ before, after }: { before: ScheduleFormValues; after: ScheduleFormValues }) {
  const { changed, changes, isTruncated, error, retry } = useTimeChanges(before, after);
  if (!changed) return <p className="text-muted text-sm">The planned run times do not change.</p>;
  if (!changes && error) return <LoadError error={error} title="The run times could not be compared" onRetry={retry} />;
  if (!changes) return <p className="text-muted text-sm">Comparing run times for the next 7 days…</p>;
  const { added, removed, nextBefore, nextAfter } = changes;
  return (
    <Callout tone="info" title="Run times change">
      <p>
        In the next 7 days {isTruncated ? "at least " : ""}
        {added} {added === 1 ? "run is" : "runs are"} added and {removed} removed.
      </p>
      <p>
        <NextRunChange
          before={nextBefore && <Instant value={nextBefore} zone={before.timezone} />}
          after={nextAfter && <Instant value={nextAfter} zone={after.timezone} />}
          isSame={nextBefore === nextAfter}
        />
      </p>
    </Callout>
  );
}

/** Null stands for no next run. */
function NextRunChange({ before, after, isSame }: { before: ReactNode; after: ReactNode; isSame: boolean }) {
  if (isSame) return before === null ? "There is no next run." : "The next run does not change.";
  if (before === null) return <>The next run is {after}. Before, there was none.</>;
  if (after === null) return <>No run is left. Before, the next run was {before}.</>;
  return (
    <>
      The next run moves from {before} to {after}.
    </>
  );
}
