"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import type { ReplayDraft } from "./replay-draft";
import { ReplayEditor } from "./replay-editor";

/** Confirms a replay, with the same or edited content, and opens the new execution. */
export function ReplayDialog({
  execution: { executionId, topic },
  onClose,
}: {
  execution: { executionId: string; topic: string };
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const idempotencyKey = useIdempotencyKey();
  const [isEditing, setEditing] = useState(false);
  const [draft, setDraft] = useState<ReplayDraft>({ edit: {}, fault: null });
  const replay = useMutation(
    trpc.executions.replay.mutationOptions({
      onSuccess: (answer) => {
        onClose();
        router.push(`/executions/${answer.executionId}`);
      },
    }),
  );
  const isEdited = Object.keys(draft.edit).length > 0;
  const send = () =>
    replay.mutate({ executionId, ...draft.edit, idempotencyKey: requestKey(idempotencyKey, draft.edit) });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size={isEditing ? "lg" : "md"}
      title="Replay this execution?"
      description={
        <>
          Its event is published to <code className="font-mono text-ink">{topic}</code> again, with a new event id. This
          execution does not change.
        </>
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={send}
            disabled={draft.fault !== null}
            loading={replay.isPending || replay.isSuccess}
          >
            {isEdited ? "Replay with changes" : "Replay"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {isEditing ? (
          <ReplayEditor executionId={executionId} onChange={setDraft} />
        ) : (
          <p className="flex flex-wrap items-center justify-between gap-2 text-muted text-sm">
            <UneditedContent executionId={executionId} />
            <Button size="sm" onClick={() => setEditing(true)}>
              Edit payload and headers
            </Button>
          </p>
        )}
        {replay.error ? (
          <Callout tone="danger">
            <ActionError error={replay.error} />
          </Callout>
        ) : null}
      </div>
    </Dialog>
  );
}

/** Says which content is published without edits. Empty until the content is loaded. */
function UneditedContent({ executionId }: { executionId: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.executions.get.queryOptions({ executionId }));
  if (data === undefined) return <span />;
  return (
    <span className="min-w-0 flex-1">
      {data.contentFrom === "unknown"
        ? "The content of this execution is not known. The schedule's current payload and headers are published."
        : "Payload and headers stay as they were."}
    </span>
  );
}
