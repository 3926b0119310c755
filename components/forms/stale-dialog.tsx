"use client";

import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";
import { useDisplayZone } from "~/components/ui/time";
import { ChangeList } from "./change-list";
import { changesOf } from "./form-changes";
import type { ScheduleFormValues } from "./schedule-form-model";

/**
 * Shown if the schedule was changed while the form was open. Compares both sets of changes and lists the fields that
 * both changed.
 */
export function StaleDialog({
  base,
  theirs,
  yours,
  onKeepMine,
  onTakeTheirs,
  onCancel,
  pending,
}: {
  /** The version that the form started from. */
  base: ScheduleFormValues;
  theirs: ScheduleFormValues;
  yours: ScheduleFormValues;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onCancel: () => void;
  pending: boolean;
}) {
  const display = useDisplayZone();
  const theirChanges = changesOf(base, theirs, display);
  const yourChanges = changesOf(base, yours, display);
  const both = yourChanges.filter((change) => theirChanges.some((other) => other.field === change.field));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onCancel()}
      size="lg"
      title="This schedule was changed while you edited it"
      description="Your changes are not saved yet."
      footer={
        <>
          <Button onClick={onTakeTheirs} disabled={pending}>
            Discard my changes
          </Button>
          <Button variant="primary" onClick={onKeepMine} loading={pending}>
            Save my changes
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {both.length > 0 ? (
          <Callout tone="warning" title="Changed by both">
            {both.map((change) => change.label).join(", ")}. Saving replaces their values in these fields and keeps
            their other changes.
          </Callout>
        ) : (
          <Callout tone="info">No field was changed by both. Saving keeps their changes too.</Callout>
        )}
        <section>
          <h3 className="mb-1.5 font-semibold text-sm">Their changes</h3>
          {theirChanges.length > 0 ? (
            <ChangeList changes={theirChanges} beforeLabel="Before" afterLabel="Theirs" />
          ) : (
            <p className="text-muted text-sm">
              No field of this form changed. For example, the schedule was paused and resumed.
            </p>
          )}
        </section>
        <section>
          <h3 className="mb-1.5 font-semibold text-sm">Your changes</h3>
          <ChangeList changes={yourChanges} beforeLabel="Before" afterLabel="Yours" />
        </section>
      </div>
    </Dialog>
  );
}
