"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { mustTypeCount } from "~/components/bulk/typed-count";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { formatNumber } from "~/components/ui/format";
import { useIdempotencyKey } from "~/components/ui/idempotency-key";

type Decide = RouterInputs["deadLetters"]["decide"];
export type DecideTarget = Pick<Decide, "ids" | "filter">;

const ACTIONS = {
  replay: {
    verb: "Replay",
    consequence: "Their events are published again with the same payloads and new event ids. They leave this list.",
  },
  discard: {
    verb: "Discard",
    consequence: "They are not published and leave this list for good. Their executions stay in the history.",
  },
} as const;

/** Confirms the replay or discard of dead letters, and opens the bulk job that carries it out. */
export function DecideDialog({
  action,
  target,
  onClose,
}: {
  action: Decide["action"];
  target: DecideTarget;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const idempotencyKey = useIdempotencyKey();
  const preview = useQuery(
    trpc.deadLetters.preview.queryOptions({ action, ...target }, { staleTime: 0, gcTime: 0, retry: false }),
  );
  const decide = useMutation(
    trpc.deadLetters.decide.mutationOptions({
      onSuccess: (answer) => {
        if ("jobId" in answer) router.push(`/bulk/${answer.jobId}`);
      },
    }),
  );
  const count = preview.data?.count;
  const { verb, consequence } = ACTIONS[action];
  const counted = count === 1 ? "1 dead letter" : `${count === undefined ? "the" : formatNumber(count)} dead letters`;
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone={action === "discard" ? "danger" : "neutral"}
      title={`${verb} ${counted}?`}
      description={consequence}
      confirmLabel={verb}
      confirmText={count !== undefined && mustTypeCount(action, count) ? String(count) : undefined}
      onConfirm={() => count && decide.mutate({ action, ...target, idempotencyKey })}
      loading={decide.isPending || decide.isSuccess || preview.isPending}
      error={decide.error ? <ActionError error={decide.error} /> : undefined}
    >
      {preview.error ? (
        <LoadError
          error={preview.error}
          title="The dead letters could not be counted"
          onRetry={() => void preview.refetch()}
        />
      ) : null}
    </AlertDialog>
  );
}
