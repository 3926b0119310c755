"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ActionError } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";
import { useToast } from "~/components/ui/toast";
import { displayName } from "./display-name";
import { useScheduleMutations } from "./use-schedule-mutations";
import type { VerbDialogProps } from "./verb-dialog";

/** Confirms a delete: the user must type the schedule's display name. */
export function DeleteDialog({ schedule, onClose, onDeleted }: VerbDialogProps & { onDeleted?: () => void }) {
  const { remove } = useScheduleMutations();
  const idempotencyKey = useIdempotencyKey();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const title = displayName(schedule);
  const done = () => {
    onClose();
    onDeleted?.();
    toast.success({ title: `${title} deleted`, description: "Its executions stay in the history." });
    void queryClient.invalidateQueries(trpc.schedules.list.pathFilter());
  };
  const confirm = () =>
    remove.mutate(
      { scheduleId: schedule.scheduleId, idempotencyKey },
      {
        onSuccess: done,
        // If another user has already deleted the schedule, the delete counts as done.
        onError: (error) => callErrorOf(error)?.code === "not_found" && done(),
      },
    );
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${title}?`}
      description="The schedule never fires again. Its executions stay in the history, and its name can be reused. This cannot be undone."
      confirmLabel="Delete schedule"
      confirmText={title}
      onConfirm={confirm}
      loading={remove.isPending || remove.isSuccess}
      error={remove.error ? <ActionError error={remove.error} /> : undefined}
    />
  );
}
