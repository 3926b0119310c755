"use client";

import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { useDisplayZone } from "~/components/ui/time";
import { ChangeList } from "./change-list";
import { changesOf } from "./form-changes";
import type { ScheduleFormValues } from "./schedule-form-model";
import { TimeSummary } from "./time-summary";

/** Shows the changed fields and run times before saving. */
export function ReviewDialog({
  title = "Save these changes?",
  saveLabel = "Save changes",
  cancelLabel = "Back to the form",
  error,
  before,
  after,
  onCancel,
  onSave,
  pending,
}: {
  title?: string;
  saveLabel?: string;
  cancelLabel?: string;
  /** Why the changes could not be saved. */
  error?: ReactNode;
  before: ScheduleFormValues;
  after: ScheduleFormValues;
  onCancel: () => void;
  onSave: () => void;
  pending: boolean;
}) {
  const changes = changesOf(before, after, useDisplayZone());
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onCancel()}
      size="lg"
      title={title}
      description="The changes apply from the next run on. A run in progress keeps the old definition."
      footer={
        <>
          <Button onClick={onCancel}>{cancelLabel}</Button>
          <Button variant="primary" onClick={onSave} loading={pending}>
            {saveLabel}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error}
        <TimeSummary before={before} after={after} />
        <ChangeList changes={changes} />
      </div>
    </Dialog>
  );
}
