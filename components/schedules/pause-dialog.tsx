"use client";

import { useState } from "react";
import { ActionError } from "~/components/queries/load-error";
import { fieldErrors } from "~/components/trpc/app-error";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { useDisplayZone } from "~/components/ui/time";
import { displayName } from "./display-name";
import { useScheduleMutations } from "./use-schedule-mutations";
import type { VerbDialogProps } from "./verb-dialog";

/** Pauses a schedule: asks for a note and an optional end. */
export function PauseDialog({ schedule, onClose }: VerbDialogProps) {
  const { toggle } = useScheduleMutations();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [note, setNote] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const [isSubmitted, setSubmitted] = useState(false);
  const noteError =
    isSubmitted && note.trim() === "" ? "Enter a note. Others see it on the paused schedule." : undefined;

  const pause = () => {
    setSubmitted(true);
    if (note.trim() === "") return;
    const { scheduleId } = schedule;
    const request = { scheduleId, enabled: false, note: note.trim(), until: until ?? undefined };
    toggle.mutate({ ...request, idempotencyKey: requestKey(key, request) }, { onSuccess: onClose });
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title={`Pause ${displayName(schedule)}?`}
      description="The schedule does not fire until it is resumed. Run now still works. Whoever resumes it chooses what happens to missed runs."
      confirmLabel="Pause"
      onConfirm={pause}
      loading={toggle.isPending || toggle.isSuccess}
      error={toggle.error ? <ActionError error={toggle.error} fields={["until"]} /> : undefined}
    >
      <Field label="Note" required error={noteError}>
        <Input
          value={note}
          onChange={(event) => setNote(event.target.value)}
          maxLength={500}
          placeholder="Payment provider is down, INC-2041"
        />
      </Field>
      <DateTimeField
        label="Until"
        description="Resumes automatically at this time, and the catch-up policy of the schedule decides which missed runs are run. If empty, it stays paused until someone resumes it."
        value={until}
        onChange={setUntil}
        zone={zone}
        error={fieldErrors(toggle.error).get("until")}
      />
    </AlertDialog>
  );
}
