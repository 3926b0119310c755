"use client";

import { ActionError } from "~/components/queries/load-error";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";
import { usePauseAllMutations } from "./use-pause-all-mutations";

export function ResumeAllDialog({ onClose }: { onClose: () => void }) {
  const { resume } = usePauseAllMutations();
  const idempotencyKey = useIdempotencyKey();
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title="Resume all firing?"
      description="Missed runs of recurring schedules follow each schedule's catch-up policy. Missed one-time events are published, unless they are later than their maximum delay. Individually paused schedules stay paused."
      confirmLabel="Resume all"
      onConfirm={() => resume.mutate({ idempotencyKey }, { onSuccess: onClose })}
      loading={resume.isPending || resume.isSuccess}
      error={resume.error ? <ActionError error={resume.error} /> : undefined}
    />
  );
}
