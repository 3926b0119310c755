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
import type { PauseAll } from "./use-pause-all";
import { usePauseAllMutations } from "./use-pause-all-mutations";

const CONFIRM_TEXT = "pause all";

/** Pauses all firing with a note and an optional end, or changes both during a pause. */
export function PauseAllDialog({ current, onClose }: { current: PauseAll; onClose: () => void }) {
  const { pause } = usePauseAllMutations();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [reason, setReason] = useState(current.reason ?? "");
  const [until, setUntil] = useState<string | null>(current.until);
  const [isSubmitted, setSubmitted] = useState(false);
  const isEmpty = reason.trim() === "";
  const confirm = () => {
    setSubmitted(true);
    if (isEmpty) return;
    const request = { reason: reason.trim(), until: until ?? undefined };
    pause.mutate({ ...request, idempotencyKey: requestKey(key, request) }, { onSuccess: onClose });
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone={current.paused ? "neutral" : "danger"}
      title={current.paused ? "Change the pause?" : "Pause all firing?"}
      description={
        current.paused
          ? "Firing stays paused. Everybody sees the new note and the new end."
          : "No schedule fires until someone resumes all firing or the pause ends. Runs in progress finish, and retries wait. Events are still accepted, and Run now still works. After the pause, the catch-up policy of each recurring schedule decides about its missed runs."
      }
      confirmLabel={current.paused ? "Change pause" : "Pause all"}
      confirmText={current.paused ? undefined : CONFIRM_TEXT}
      onConfirm={confirm}
      loading={pause.isPending || pause.isSuccess}
      error={pause.error ? <ActionError error={pause.error} fields={["until"]} /> : undefined}
    >
      <Field
        label="Note"
        required
        description="Shown to everybody, on every page."
        error={isSubmitted && isEmpty ? "Enter a note. Everybody sees it on every page." : undefined}
      >
        <Input
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={500}
          placeholder="Payment provider is down, INC-2041"
        />
      </Field>
      <DateTimeField
        label="Until"
        description="Firing resumes automatically at this time. If empty, firing stays paused until someone resumes it."
        value={until}
        onChange={setUntil}
        zone={zone}
        error={fieldErrors(pause.error).get("until")}
      />
    </AlertDialog>
  );
}
