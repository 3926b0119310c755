"use client";

import { useRouter } from "next/navigation";
import { usePauseAll } from "~/components/pause-all/use-pause-all";
import { ActionError } from "~/components/queries/load-error";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Callout } from "~/components/ui/callout";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";
import { useToast } from "~/components/ui/toast";
import { displayName } from "./display-name";
import { useScheduleMutations } from "./use-schedule-mutations";
import type { VerbDialogProps } from "./verb-dialog";

export function RunNowDialog({ schedule, onClose }: VerbDialogProps) {
  const { execute } = useScheduleMutations();
  const idempotencyKey = useIdempotencyKey();
  const toast = useToast();
  const router = useRouter();
  const isAllPaused = usePauseAll()?.paused === true;
  const run = () =>
    execute.mutate(
      { scheduleId: schedule.scheduleId, idempotencyKey },
      {
        onSuccess: ({ executionId, wasPaused }) => {
          onClose();
          toast.success({
            title: `${displayName(schedule)} is running`,
            description: wasPaused ? `The schedule stays ${schedule.status}.` : "The run is listed under Executions.",
            action: { label: "Open execution", onClick: () => router.push(`/executions/${executionId}`) },
          });
        },
      },
    );
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title={`Run ${displayName(schedule)} now?`}
      description={
        <>
          One event is published to <code className="font-mono text-ink">{schedule.topic}</code> immediately. The next
          planned run does not change.
        </>
      }
      confirmLabel="Run now"
      onConfirm={run}
      loading={execute.isPending || execute.isSuccess}
      error={execute.error ? <ActionError error={execute.error} /> : undefined}
    >
      {isAllPaused ? <Callout tone="warning">All firing is paused. This run is published anyway.</Callout> : null}
      {schedule.status === "active" ? null : (
        <Callout tone="warning">
          This schedule is {schedule.status}. It runs once and stays {schedule.status}.
        </Callout>
      )}
    </AlertDialog>
  );
}
