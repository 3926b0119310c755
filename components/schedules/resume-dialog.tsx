"use client";

import { useState } from "react";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Callout } from "~/components/ui/callout";
import { Fieldset } from "~/components/ui/field";
import { RadioGroup } from "~/components/ui/radio-group";
import { ActionError } from "./load-error";
import type { VerbDialogProps } from "./schedule-dialogs";
import { scheduleTitle } from "./schedule-name";
import { useScheduleMutations } from "./use-schedule-mutations";

const MISSED = [
  { value: "none", label: "Skip them", description: "They stand in the history as skipped, with the reason." },
  { value: "last", label: "Run the last one", description: "One run makes up for all of them." },
  {
    value: "all",
    label: "Run all of them",
    description: "In order, at the catch-up rate, within its window and limit.",
  },
] as const;

/** Asks what becomes of the runs that were missed while the schedule stood still. */
export function ResumeDialog({ schedule, onClose }: VerbDialogProps) {
  const { toggle } = useScheduleMutations();
  const [missed, setMissed] = useState<"none" | "last" | "all">("none");
  const resume = () =>
    toggle.mutate({ scheduleId: schedule.scheduleId, enabled: true, missed }, { onSuccess: onClose });
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      tone="neutral"
      title={`Resume ${scheduleTitle(schedule)}?`}
      description="It fires again from its next time on."
      confirmLabel="Resume"
      onConfirm={resume}
      loading={toggle.isPending}
      error={toggle.error ? <ActionError error={toggle.error} /> : undefined}
    >
      {schedule.pauseNote ? (
        <Callout tone="info" title="Why it was paused">
          {schedule.pauseNote}
        </Callout>
      ) : null}
      <Fieldset legend={schedule.cronExpression ? "Runs missed meanwhile" : "Its run, if it was missed meanwhile"}>
        <RadioGroup value={missed} onValueChange={setMissed} options={MISSED} />
      </Fieldset>
    </AlertDialog>
  );
}
