"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { displayName } from "~/components/schedules/display-name";
import { type RouterInputs, type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field, Fieldset } from "~/components/ui/field";
import { formatCounted } from "~/components/ui/format";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { RadioGroup } from "~/components/ui/radio-group";
import { Skeleton } from "~/components/ui/skeleton";
import { useDisplayZone } from "~/components/ui/time";

export type BulkVerb = RouterInputs["bulk"]["start"]["action"];
/** Schedules by id, or all that match a filter. */
export type BulkTarget = Pick<RouterInputs["bulk"]["start"], "ids" | "filter">;

const ACTIONS: Record<BulkVerb, { verb: string; consequence: string }> = {
  pause: {
    verb: "Pause",
    consequence: "They do not fire until they are resumed. You choose then what happens to missed runs.",
  },
  resume: { verb: "Resume", consequence: "They fire again from their next run on." },
  retag: { verb: "Retag", consequence: "Only their tags change." },
  execute: { verb: "Run", consequence: "Each fires once now, in addition to its planned runs." },
  delete: {
    verb: "Delete",
    consequence: "They never fire again. Their executions stay in the history. This cannot be undone.",
  },
};
const MISSED = [
  { value: "policy" as const, label: "Follow each schedule's catch-up policy" },
  { value: "none" as const, label: "Skip them", description: "They are recorded as skipped." },
  { value: "last" as const, label: "Run the last one of each schedule" },
  { value: "all" as const, label: "Run all of them", description: "Within each schedule's catch-up window and limit." },
];

const words = (text: string) => [...new Set(text.split(",").map((word) => word.trim()))].filter(Boolean);

/** Confirms a bulk action: shows the affected schedules, asks for the action's inputs, and opens the job. */
export function BulkDialog({ action, target, onClose }: { action: BulkVerb; target: BulkTarget; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [note, setNote] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const [missed, setMissed] = useState<(typeof MISSED)[number]["value"]>("policy");
  const [add, setAdd] = useState("");
  const [remove, setRemove] = useState("");
  const [asked, setAsked] = useState(false);
  const shape = action === "retag" ? { addTags: ["preview"] } : {};
  const preview = useQuery(
    trpc.bulk.preview.queryOptions({ action, ...target, ...shape }, { staleTime: 0, gcTime: 0, retry: false }),
  );
  const start = useMutation(
    trpc.bulk.start.mutationOptions({
      onSuccess: (answer) => {
        if ("jobId" in answer) router.push(`/bulk/${answer.jobId}`);
      },
    }),
  );
  const count = preview.data?.count;
  const noteError =
    action === "pause" && asked && note.trim() === "" ? "Enter a reason, for others who find them paused." : "";
  const tagsError =
    action === "retag" && asked && words(add + remove).length === 0 ? "Enter a tag to add or to remove." : "";
  const confirm = () => {
    setAsked(true);
    if (!count || (action === "pause" && note.trim() === "")) return;
    if (action === "retag" && words(add + remove).length === 0) return;
    const request = {
      action,
      ...target,
      note: note.trim() || undefined,
      until: action === "pause" ? (until ?? undefined) : undefined,
      missed: action === "resume" && missed !== "policy" ? missed : undefined,
      addTags: action === "retag" ? words(add) : undefined,
      removeTags: action === "retag" ? words(remove) : undefined,
    };
    start.mutate({ ...request, idempotencyKey: requestKey(key, request) });
  };
  const { verb, consequence } = ACTIONS[action];
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone={action === "delete" ? "danger" : "neutral"}
      title={count === undefined ? `${verb} schedules?` : `${verb} ${formatCounted(count, "schedule")}?`}
      description={consequence}
      confirmLabel={verb}
      confirmText={(action === "delete" || action === "execute") && count ? String(count) : undefined}
      onConfirm={confirm}
      loading={start.isPending || start.isSuccess || preview.isPending}
      error={start.error ? <ActionError error={start.error} /> : undefined}
    >
      {preview.error ? (
        <LoadError
          error={preview.error}
          title="The affected schedules could not be loaded"
          onRetry={() => void preview.refetch()}
        />
      ) : (
        <Sample preview={preview.data} />
      )}
      {action === "pause" ? (
        <>
          <Field label="Reason" required error={noteError || undefined}>
            <Input value={note} onChange={(event) => setNote(event.target.value)} maxLength={500} />
          </Field>
          <DateTimeField
            label="Until"
            description="They resume automatically at this time. Empty: they stay paused until someone resumes them."
            value={until}
            onChange={setUntil}
            zone={zone}
          />
        </>
      ) : null}
      {action === "resume" ? (
        <Fieldset legend="Missed runs">
          <RadioGroup value={missed} onValueChange={setMissed} options={MISSED} />
        </Fieldset>
      ) : null}
      {action === "retag" ? (
        <>
          <Field label="Add tags" description="Separated by commas." error={tagsError || undefined}>
            <Input value={add} onChange={(event) => setAdd(event.target.value)} autoComplete="off" />
          </Field>
          <Field label="Remove tags">
            <Input value={remove} onChange={(event) => setRemove(event.target.value)} autoComplete="off" />
          </Field>
        </>
      ) : null}
    </AlertDialog>
  );
}

const SHOWN = 5;

function Sample({ preview }: { preview: RouterOutputs["bulk"]["preview"] | undefined }) {
  if (preview === undefined) return <Skeleton className="h-24 w-full" />;
  const rest = preview.count - Math.min(SHOWN, preview.sample.length);
  return (
    <div className="rounded-md bg-sunken px-3 py-2 text-sm">
      <ul aria-label="Affected schedules" className="flex flex-col gap-0.5">
        {preview.sample.slice(0, SHOWN).map((row) => (
          <li key={row.scheduleId} className="truncate">
            {displayName(row)}
            {row.enabled ? null : <span className="text-muted"> (paused)</span>}
          </li>
        ))}
      </ul>
      {rest > 0 ? <p className="mt-1 text-muted text-xs">and {formatCounted(rest, "schedule")} more</p> : null}
      {preview.count === 0 ? <p className="text-muted">No schedule matches any more.</p> : null}
    </div>
  );
}
