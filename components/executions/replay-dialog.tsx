"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ActionError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";

/** Confirms a replay, and opens the new execution. */
export function ReplayDialog({
  execution,
  onClose,
}: {
  execution: { executionId: string; topic: string };
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const idempotencyKey = useIdempotencyKey();
  const replay = useMutation(
    trpc.executions.replay.mutationOptions({
      onSuccess: ({ executionId }) => {
        onClose();
        router.push(`/executions/${executionId}`);
      },
    }),
  );
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title="Replay this execution?"
      description={
        <>
          Its event is published to <code className="font-mono text-ink">{execution.topic}</code> again, with the same
          payload and a new event id. This execution does not change.
        </>
      }
      confirmLabel="Replay"
      onConfirm={() => replay.mutate({ executionId: execution.executionId, idempotencyKey })}
      loading={replay.isPending || replay.isSuccess}
      error={replay.error ? <ActionError error={replay.error} /> : undefined}
    />
  );
}
