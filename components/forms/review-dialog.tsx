"use client";

import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";
import { Instant } from "~/components/ui/time";
import { ChangeList } from "./change-list";
import type { ScheduleFormValues } from "./schedule-form-model";
import { changesOf } from "./schedule-form-values";
import { useTimeChanges } from "./use-time-changes";

/** Shows the changed fields and run times before saving. */
export function ReviewDialog({
  before,
  after,
  onCancel,
  onSave,
  pending,
}: {
  before: ScheduleFormValues;
  after: ScheduleFormValues;
  onCancel: () => void;
  onSave: () => void;
  pending: boolean;
}) {
  const changes = changesOf(before, after);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onCancel()}
      size="lg"
      title="Save these changes?"
      description="The changes apply from the next run on. A run in progress keeps the old definition."
      footer={
        <>
          <Button onClick={onCancel}>Back to the form</Button>
          <Button variant="primary" onClick={onSave} loading={pending}>
            Save changes
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TimeSummary before={before} after={after} />
        <ChangeList changes={changes} />
      </div>
    </Dialog>
  );
}

function TimeSummary({ before, after }: { before: ScheduleFormValues; after: ScheduleFormValues }) {
  const { changed, changes, cut } = useTimeChanges(before, after);
  if (!changed) return <p className="text-muted text-sm">The run times do not change.</p>;
  if (!changes) return <p className="text-muted text-sm">Comparing run times for the next 7 days…</p>;
  const { added, removed, nextBefore, nextAfter } = changes;
  return (
    <Callout tone="info" title="Run times change">
      <p>
        In the next 7 days {cut ? "at least " : ""}
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
