"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Callout } from "~/components/ui/callout";
import { Fieldset } from "~/components/ui/field";
import { formatCount, formatNumber } from "~/components/ui/format";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { RadioGroup } from "~/components/ui/radio-group";
import { Instant } from "~/components/ui/time";
import { displayName } from "./display-name";
import { useScheduleMutations } from "./use-schedule-mutations";
import type { VerbDialogProps } from "./verb-dialog";

type Preview = RouterOutputs["schedules"]["missed"];

const DESCRIPTIONS = {
  none: "They are recorded as skipped, with the reason.",
  last: "One run replaces all of them, unless they are older than the catch-up window.",
  all: "In order, at the catch-up rate, within the catch-up window and limit.",
} as const;

/** The options for missed runs. "Run all of them" gives the number of runs once the preview is loaded. */
function choices(preview: Preview | undefined) {
  const runs = (n: number | undefined) => (n === undefined ? "" : n === 1 ? " (1 run)" : ` (${formatNumber(n)} runs)`);
  return [
    { value: "none" as const, label: "Skip them", description: DESCRIPTIONS.none },
    { value: "last" as const, label: "Run the last one", description: DESCRIPTIONS.last },
    { value: "all" as const, label: `Run all of them${runs(preview?.wouldRun.all)}`, description: DESCRIPTIONS.all },
  ];
}

/** Resumes a schedule: asks what happens to the runs that were missed during the pause. */
export function ResumeDialog({ schedule, onClose }: VerbDialogProps) {
  const { toggle } = useScheduleMutations();
  const trpc = useTRPC();
  const key = useIdempotencyKey();
  const preview = useQuery(trpc.schedules.missed.queryOptions({ scheduleId: schedule.scheduleId }));
  const [chosen, setChosen] = useState<"none" | "last" | "all" | null>(null);
  // Nothing is selected before the preview: a click on a selected option would not be a choice.
  const missed = chosen ?? preview.data?.byDefault;
  const resume = () => {
    const request = { scheduleId: schedule.scheduleId, enabled: true, missed };
    toggle.mutate({ ...request, idempotencyKey: requestKey(key, request) }, { onSuccess: onClose });
  };
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title={`Resume ${displayName(schedule)}?`}
      description="The schedule fires again from its next run on."
      confirmLabel="Resume"
      onConfirm={resume}
      loading={toggle.isPending || toggle.isSuccess}
      error={toggle.error ? <ActionError error={toggle.error} /> : undefined}
    >
      {schedule.pauseNote ? (
        <Callout tone="info" title="Pause reason">
          {schedule.pauseNote}
        </Callout>
      ) : null}
      {preview.data?.missed === 0 ? (
        <p className="text-muted text-sm">No runs were missed.</p>
      ) : (
        <Fieldset legend={preview.data ? <MissedCount preview={preview.data} /> : "Missed runs"}>
          <RadioGroup value={missed ?? null} onValueChange={setChosen} options={choices(preview.data)} />
        </Fieldset>
      )}
    </AlertDialog>
  );
}

function MissedCount({ preview }: { preview: Preview }) {
  const { missed, missedIsExact, oldest } = preview;
  return (
    <>
      {missed === 1 ? "1 run was missed" : `${formatCount(missed, !missedIsExact)} runs were missed`}
      {oldest ? (
        <>
          {" "}
          since <Instant value={oldest} />
        </>
      ) : null}
    </>
  );
}
