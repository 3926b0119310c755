"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ReviewDialog } from "~/components/forms/review-dialog";
import { formValuesOf } from "~/components/forms/schedule-form-values";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { ShownSchedule } from "~/components/schedules/shown-schedule";
import { useTRPC } from "~/components/trpc/client";
import { Dialog } from "~/components/ui/dialog";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";
import { SkeletonLines } from "~/components/ui/skeleton";
import { useToast } from "~/components/ui/toast";

/**
 * Shows what restoring a version changes, then restores it. If somebody changed the schedule meanwhile, the dialog
 * shows the differences from the newest version and asks again.
 */
export function RestoreDialog({
  schedule,
  version,
  onClose,
}: {
  schedule: ShownSchedule;
  version: number;
  onClose: () => void;
}) {
  const { scheduleId } = schedule;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const idempotencyKey = useIdempotencyKey();
  const query = useQuery(trpc.schedules.version.queryOptions({ scheduleId, version }));
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.schedules.pathFilter());
    void queryClient.invalidateQueries(trpc.audit.pathFilter());
  };
  const restore = useMutation(
    trpc.schedules.restore.mutationOptions({
      onSuccess: () => {
        refresh();
        toast.success({ title: `Version ${version} restored`, description: "It applies from the next run on." });
        onClose();
      },
      onError: refresh,
    }),
  );
  const save = () => restore.mutate({ scheduleId, version, expectedVersion: schedule.version, idempotencyKey });
  const title = `Restore version ${version}?`;
  if (!query.data) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title={title} size="lg">
        {query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonLines lines={4} />
        )}
      </Dialog>
    );
  }
  return (
    <ReviewDialog
      title={title}
      saveLabel="Restore"
      cancelLabel="Cancel"
      error={restore.error ? <ActionError error={restore.error} /> : undefined}
      before={formValuesOf(schedule)}
      after={{ ...formValuesOf(query.data.schedule), enabled: schedule.enabled }}
      onCancel={onClose}
      onSave={save}
      pending={restore.isPending || restore.isSuccess}
    />
  );
}
