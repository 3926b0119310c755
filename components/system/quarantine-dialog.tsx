"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LacksRight } from "~/components/access/may";
import { MaskedNote, useReveal } from "~/components/payloads/masked-note";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC, useTRPCClient } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { CodeBlock } from "~/components/ui/code-block";
import { DescriptionList } from "~/components/ui/description-list";
import { Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { formatNumber } from "~/components/ui/format";
import { Skeleton } from "~/components/ui/skeleton";
import { Textarea } from "~/components/ui/textarea";
import { Instant } from "~/components/ui/time";
import { useToast } from "~/components/ui/toast";

type Item = RouterOutputs["quarantine"]["list"]["items"][number];
type Decision = "retry" | "discard";

const DECISIONS = {
  retry: {
    label: "Retry",
    consequence:
      "The item is processed again, with your changes if you made any. If it fails again, it returns to this list.",
    done: "Item queued for retry",
  },
  discard: {
    label: "Discard",
    consequence: "The item is removed and not processed. The audit trail records who discarded it.",
    done: "Item discarded",
  },
} as const;

/** One item with its content, which can be edited if it is text, and buttons to retry or discard it. */
export function QuarantineDialog({ item, allowed, onClose }: { item: Item; allowed: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const detail = useQuery(trpc.quarantine.get.queryOptions({ id: item.id }, { staleTime: 0, retry: false }));
  const [edited, setEdited] = useState<string | null>(null);
  const [pendingDecision, setPendingDecision] = useState<Decision | null>(null);
  const decide = useDecide(onClose);
  const client = useTRPCClient();
  const revealed = useReveal(() => client.quarantine.get.query({ id: item.id, reveal: true }));
  const content = revealed.data ?? detail.data;
  const text = content?.text ?? null;
  const unreadable = detail.data?.unreadable ?? null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Item in quarantine"
      description={item.reason}
      size="lg"
      footer={
        <>
          <LacksRight right="dead_letters:decide" className="mr-auto" />
          <Button onClick={() => setPendingDecision("discard")} disabled={!allowed || !detail.data}>
            Discard
          </Button>
          <Button
            variant="primary"
            onClick={() => setPendingDecision("retry")}
            disabled={!allowed || !detail.data || unreadable !== null}
          >
            {edited === null ? "Retry" : "Retry with changes"}
          </Button>
        </>
      }
    >
      <DescriptionList
        columns={2}
        className="mb-3"
        items={[
          { term: "Since", value: <Instant value={item.at} /> },
          { term: "Step", value: item.shard === null ? item.step : `${item.step}, shard ${item.shard}` },
          { term: "Kind", value: item.kind },
          { term: "Key", value: item.key },
          { term: "Size", value: detail.data ? `${formatNumber(detail.data.size)} bytes` : null },
        ]}
      />
      {unreadable === null ? (
        <MaskedNote masked={detail.data?.isMasked ? ["The content"] : []} revealed={revealed} />
      ) : (
        <Callout tone="warning" title="The content cannot be decrypted">
          {unreadable} You can still discard the item.
        </Callout>
      )}
      {detail.error ? (
        <LoadError error={detail.error} title="The content could not be loaded" onRetry={() => void detail.refetch()} />
      ) : !content ? (
        <Skeleton className="h-40 w-full" />
      ) : content.isMasked ? null : text === null ? (
        <CodeBlock code={content.base64} label="Content (base64, because it is not valid UTF-8)" />
      ) : (
        <Field label="Content" description="Edit it to retry with changes.">
          <Textarea
            rows={12}
            className="font-mono text-xs"
            spellCheck={false}
            readOnly={!allowed}
            value={edited ?? text}
            onChange={(event) => setEdited(event.target.value === text ? null : event.target.value)}
          />
        </Field>
      )}
      {pendingDecision ? (
        <AlertDialog
          open
          onOpenChange={(open) => {
            if (open) return;
            setPendingDecision(null);
            decide.reset();
          }}
          tone={pendingDecision === "discard" ? "danger" : "neutral"}
          title={`${DECISIONS[pendingDecision].label} this item?`}
          description={DECISIONS[pendingDecision].consequence}
          confirmLabel={DECISIONS[pendingDecision].label}
          loading={decide.isPending}
          error={decide.error ? <ActionError error={decide.error} /> : undefined}
          onConfirm={() =>
            decide.mutate({
              id: item.id,
              decision: pendingDecision,
              text: (pendingDecision === "retry" && edited) || undefined,
            })
          }
        />
      ) : null}
    </Dialog>
  );
}

function useDecide(onDone: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation(
    trpc.quarantine.decide.mutationOptions({
      onSuccess: ({ decision }) => {
        toast.success({ title: DECISIONS[decision].done });
        onDone();
      },
      onSettled: () =>
        Promise.all([
          queries.invalidateQueries({ queryKey: trpc.quarantine.pathKey() }),
          queries.invalidateQueries({ queryKey: trpc.monitoring.pathKey() }),
        ]),
    }),
  );
}
