"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { formatCounted, formatNumber } from "~/components/ui/format";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Skeleton } from "~/components/ui/skeleton";
import { type BulkJob, UNDO_EFFECTS } from "./words";

/** Shows what an undo of the job would change, and starts it. */
export function UndoDialog({ job, onClose }: { job: BulkJob; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { jobId } = job;
  const idempotencyKey = useIdempotencyKey();
  const preview = useQuery(trpc.bulk.undoPreview.queryOptions({ jobId }, { staleTime: 0, gcTime: 0 }));
  const undo = useMutation(
    trpc.bulk.undo.mutationOptions({
      onSuccess: async (undoJob) => {
        await queryClient.invalidateQueries(trpc.bulk.pathFilter());
        router.push(`/bulk/${undoJob.jobId}`);
      },
    }),
  );
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title="Undo this job?"
      description={UNDO_EFFECTS[job.action] ?? ""}
      confirmLabel="Undo"
      onConfirm={() => undo.mutate({ jobId, idempotencyKey })}
      loading={undo.isPending || undo.isSuccess || preview.isPending}
      error={undo.error ? <ActionError error={undo.error} /> : undefined}
    >
      {preview.error ? (
        <LoadError
          error={preview.error}
          title="The effect of the undo could not be checked"
          onRetry={() => void preview.refetch()}
        />
      ) : preview.data ? (
        <p className="rounded-md bg-sunken px-3 py-2 text-sm">{undoEffect(preview.data)}</p>
      ) : (
        <Skeleton className="h-10 w-full" />
      )}
    </AlertDialog>
  );
}

function undoEffect({ changes, checked, changedSince }: { changes: number; checked: number; changedSince: number }) {
  const all = `The job changed ${formatCounted(changes, "schedule")}.`;
  const ofChecked = checked < changes ? ` of the first ${formatNumber(checked)}` : "";
  if (changedSince === 0) return `${all} None${ofChecked} has been changed since.`;
  const stay =
    changedSince === 1
      ? "has been changed or deleted since and stays as it is"
      : "have been changed or deleted since and stay as they are";
  return `${all} ${formatNumber(changedSince)}${ofChecked} ${stay}.`;
}
