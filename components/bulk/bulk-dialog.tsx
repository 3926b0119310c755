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
import { NumberField } from "~/components/ui/number-field";
import { RadioGroup } from "~/components/ui/radio-group";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { Skeleton } from "~/components/ui/skeleton";
import { useDisplayZone } from "~/components/ui/time";
import { SPREAD_MINUTES } from "~/server/domain/load/spread";
import { mustTypeCount } from "./typed-count";

/** One day, the maximum that a schedule accepts. */
const MAX_JITTER_SECONDS = 86_400;

export type BulkVerb = RouterInputs["bulk"]["start"]["action"];
/** Schedules by id, or all that match a filter. */
export type BulkTarget = Pick<RouterInputs["bulk"]["start"], "ids" | "filter">;

const ACTIONS: Record<BulkVerb, { verb: string; consequence: string }> = {
  pause: {
    verb: "Pause",
    consequence:
      "They do not fire until they are resumed. Run now still works. You choose on resume what happens to missed runs.",
  },
  resume: {
    verb: "Resume",
    consequence: "They fire again from their next run on. You choose below what happens to missed runs.",
  },
  retag: { verb: "Retag", consequence: "Only their tags change." },
  spread: {
    verb: "Spread out",
    consequence: "Distributes the runs of recurring schedules over time. One-time schedules do not change.",
  },
  execute: { verb: "Run", consequence: "Each fires once now, in addition to its planned runs." },
  delete: {
    verb: "Delete",
    consequence: "They never fire again. Their executions stay in the history. This cannot be undone.",
  },
};
const MISSED_OPTIONS = [
  { value: "policy" as const, label: "Follow each schedule's catch-up policy" },
  { value: "none" as const, label: "Skip them", description: "They are recorded as skipped." },
  { value: "last" as const, label: "Run the last one of each schedule" },
  { value: "all" as const, label: "Run all of them", description: "Within each schedule's catch-up window and limit." },
];

const SPREAD_METHODS = [
  {
    value: "jitter" as const,
    label: "Add jitter",
    description: "Each run is delayed by up to this long. Replaces the current jitter of the schedules.",
  },
  {
    value: "minutes" as const,
    label: "Move to other minutes",
    description:
      "A cron with one fixed minute moves to a minute of the same block: with blocks of 15 minutes, 09:00 becomes a time from 09:00 to 09:14. Crons without one fixed minute do not change.",
  },
];

const BLOCK_OPTIONS = SPREAD_MINUTES.map((length) => ({ value: `${length}` as const, label: String(length) }));

const tagsIn = (text: string) => [...new Set(text.split(",").map((word) => word.trim()))].filter(Boolean);

/** Confirms a bulk action: shows the selected schedules, asks for the action's inputs, and starts and opens the job. */
export function BulkDialog({ action, target, onClose }: { action: BulkVerb; target: BulkTarget; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [note, setNote] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const [missed, setMissed] = useState<(typeof MISSED_OPTIONS)[number]["value"]>("policy");
  const [add, setAdd] = useState("");
  const [remove, setRemove] = useState("");
  const [isSubmitted, setSubmitted] = useState(false);
  const [method, setMethod] = useState<(typeof SPREAD_METHODS)[number]["value"]>("jitter");
  const [jitter, setJitter] = useState<number | null>(300);
  const [minutes, setMinutes] = useState<(typeof BLOCK_OPTIONS)[number]["value"]>("15");
  const spread =
    method === "jitter"
      ? { jitterSeconds: jitter ?? undefined }
      : { spreadMinutes: SPREAD_MINUTES.find((length) => String(length) === minutes) };
  const hasJitterFault =
    action === "spread" &&
    method === "jitter" &&
    !(jitter !== null && Number.isInteger(jitter) && jitter >= 0 && jitter <= MAX_JITTER_SECONDS);
  const hasTags = tagsIn(add).length + tagsIn(remove).length > 0;
  // The preview shows the selected schedules whatever these inputs are, so it uses fixed valid values.
  const previewInputs = action === "retag" ? { addTags: ["preview"] } : action === "spread" ? { jitterSeconds: 0 } : {};
  const preview = useQuery(
    trpc.bulk.preview.queryOptions({ action, ...target, ...previewInputs }, { staleTime: 0, gcTime: 0, retry: false }),
  );
  const start = useMutation(
    trpc.bulk.start.mutationOptions({
      onSuccess: (answer) => {
        // Only the answer to a dry run has no job id, and this dialog never requests a dry run.
        if (!("jobId" in answer)) return;
        router.push(`/bulk/${answer.jobId}`);
        onClose();
      },
    }),
  );
  const count = preview.data?.count;
  const noteError =
    action === "pause" && isSubmitted && note.trim() === ""
      ? "Enter a note. Others see it on the paused schedules."
      : "";
  const tagsError = action === "retag" && isSubmitted && !hasTags ? "Enter a tag to add or to remove." : "";
  const confirm = () => {
    setSubmitted(true);
    if (!count || (action === "pause" && note.trim() === "")) return;
    if (action === "retag" && !hasTags) return;
    if (hasJitterFault) return;
    const request = {
      action,
      ...target,
      note: note.trim() || undefined,
      until: action === "pause" ? (until ?? undefined) : undefined,
      missed: action === "resume" && missed !== "policy" ? missed : undefined,
      addTags: action === "retag" ? tagsIn(add) : undefined,
      removeTags: action === "retag" ? tagsIn(remove) : undefined,
      ...(action === "spread" ? spread : {}),
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
      confirmText={count !== undefined && mustTypeCount(action, count) ? String(count) : undefined}
      onConfirm={confirm}
      loading={start.isPending || start.isSuccess || preview.isPending}
      error={start.error ? <ActionError error={start.error} /> : undefined}
    >
      {preview.error ? (
        <LoadError
          error={preview.error}
          title="The selected schedules could not be loaded"
          onRetry={() => void preview.refetch()}
        />
      ) : (
        <Sample preview={preview.data} />
      )}
      {action === "pause" ? (
        <>
          <Field label="Note" required error={noteError || undefined}>
            <Input value={note} onChange={(event) => setNote(event.target.value)} maxLength={500} />
          </Field>
          <DateTimeField
            label="Until"
            description="They resume automatically at this time. If empty, they stay paused until someone resumes them."
            value={until}
            onChange={setUntil}
            zone={zone}
          />
        </>
      ) : null}
      {action === "resume" ? (
        <Fieldset legend="Missed runs">
          <RadioGroup value={missed} onValueChange={setMissed} options={MISSED_OPTIONS} />
        </Fieldset>
      ) : null}
      {action === "spread" ? (
        <>
          <Fieldset legend="Method">
            <RadioGroup value={method} onValueChange={setMethod} options={SPREAD_METHODS} />
          </Fieldset>
          {method === "jitter" ? (
            <Field
              label="Jitter"
              required
              error={isSubmitted && hasJitterFault ? "Enter a whole number of seconds, at most 86,400." : undefined}
            >
              <NumberField value={jitter} onValueChange={setJitter} min={0} max={MAX_JITTER_SECONDS} unit="s" />
            </Field>
          ) : (
            <Fieldset legend="Length of a block, in minutes">
              <SegmentedControl
                label="Length of a block, in minutes"
                value={minutes}
                onValueChange={setMinutes}
                options={BLOCK_OPTIONS}
                className="self-start"
              />
            </Fieldset>
          )}
        </>
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

const MAX_SAMPLE = 5;

/** The first selected schedules, and how many more there are. */
function Sample({ preview }: { preview: RouterOutputs["bulk"]["preview"] | undefined }) {
  if (preview === undefined) return <Skeleton className="h-24 w-full" />;
  const restCount = preview.count - Math.min(MAX_SAMPLE, preview.sample.length);
  return (
    <div className="rounded-md bg-sunken px-3 py-2 text-sm">
      <ul aria-label="Selected schedules" className="flex flex-col gap-0.5">
        {preview.sample.slice(0, MAX_SAMPLE).map((row) => (
          <li key={row.scheduleId} className="truncate">
            {displayName(row)}
            {row.enabled ? null : <span className="text-muted"> (paused)</span>}
          </li>
        ))}
      </ul>
      {restCount > 0 ? (
        <p className="mt-1 text-muted text-xs">and {formatCounted(restCount, "more schedule")}</p>
      ) : null}
      {preview.count === 0 ? <p className="text-muted">No schedule matches any more.</p> : null}
    </div>
  );
}
