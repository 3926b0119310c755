"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { type ReactNode, useEffect } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { ActionError } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Switch } from "~/components/ui/switch";
import { BoundsSection, CadenceSection } from "./cadence-section";
import { TextAreaField, TextField, useScheduleField, useScheduleForm } from "./controlled";
import { DeliverySection, DestinationSection } from "./destination-section";
import { PayloadEditor } from "./payload-section";
import { FIELD_LABELS, type ScheduleFormValues, ScheduleForm as Schema } from "./schedule-form-model";
import { ScheduleSummary } from "./schedule-summary";
import { faultText, formFieldOf } from "./server-faults";
import { TagsField } from "./tags-field";
import { UnsavedGuard } from "./unsaved-guard";

export interface ScheduleFormProps {
  initial: ScheduleFormValues;
  submitLabel: string;
  cancelHref: string;
  onSubmit: (values: ScheduleFormValues) => void;
  pending: boolean;
  /** The error of the last save: field errors are shown at their fields, other errors above the buttons. */
  error: unknown;
  /** Set after the save: leaving no longer asks for confirmation. */
  saved: boolean;
  /** Asks before leaving even without edits: an unsaved copy would be lost. */
  initiallyDirty?: boolean;
}

/** The schedule form with its summary. */
export function ScheduleForm(props: ScheduleFormProps) {
  const form = useForm<ScheduleFormValues>({
    resolver: zodResolver(Schema),
    defaultValues: props.initial,
    mode: "onTouched",
  });
  const { setError, formState } = form;
  const { error } = props;
  useEffect(() => {
    for (const fault of callErrorOf(error)?.faults ?? []) {
      const field = formFieldOf(fault.field);
      if (field) setError(field, { type: "server", message: faultText(fault) });
    }
  }, [error, setError]);

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={form.handleSubmit(props.onSubmit)}>
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex flex-col gap-5">
            <Card title="Details">
              <Identity />
            </Card>
            <Card title="Timing">
              <CadenceSection />
            </Card>
            <Card title="Destination and headers">
              <DestinationSection />
            </Card>
            <Card title="Payload">
              <PayloadEditor />
            </Card>
            <More title="Start, end and jitter">
              <BoundsSection />
            </More>
            <More title="Retries, priority and catch-up">
              <DeliverySection />
            </More>
          </div>
          <ScheduleSummary />
        </div>
        <footer className="sticky bottom-0 z-10 -mx-3 mt-5 flex flex-col gap-3 border-t bg-canvas px-3 py-3 sm:-mx-6 sm:px-6">
          <Faults error={error} />
          <div className="flex flex-wrap items-center gap-2">
            <Button type="submit" variant="primary" loading={props.pending}>
              {props.submitLabel}
            </Button>
            <ButtonLink href={props.cancelHref} variant="ghost">
              Cancel
            </ButtonLink>
          </div>
        </footer>
      </form>
      <UnsavedGuard active={(formState.isDirty || Boolean(props.initiallyDirty)) && !props.saved} />
    </FormProvider>
  );
}

function Identity() {
  const enabled = useScheduleField("enabled");
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          placeholder="daily-report"
          description="Must be unique. Empty: the schedule is listed by its event."
        />
        <TagsField />
      </div>
      <TextAreaField name="description" />
      <Field
        layout="control"
        label={enabled.label}
        description="Off: the schedule is saved but does not fire until someone resumes it."
        error={enabled.error}
      >
        <Switch checked={enabled.value} onCheckedChange={enabled.onChange} />
      </Field>
    </div>
  );
}

/** Rarely changed fields, collapsed at first. Opens when a field inside has an error. */
function More({ title, children }: { title: string; children: ReactNode }) {
  const { formState } = useScheduleForm();
  const faulty = MORE_FIELDS.some((field) => formState.errors[field]);
  return (
    <details open={faulty || undefined} className="group rounded-lg border bg-surface shadow-card">
      <summary className="flex h-11 items-center px-4 font-semibold text-base">{title}</summary>
      <div className="p-4 pt-1">{children}</div>
    </details>
  );
}

const MORE_FIELDS = [
  "startAt",
  "endAt",
  "maxRuns",
  "jitterSeconds",
  "maxRetries",
  "retryDelaySeconds",
  "maxDelaySeconds",
  "priority",
  "catchUpWindowSeconds",
  "catchUpMaxRuns",
] as const satisfies readonly (keyof ScheduleFormValues)[];

/** Lists the fields with errors, and server errors that belong to no field. */
function Faults({ error }: { error: unknown }) {
  const { formState } = useScheduleForm();
  const faulty = (Object.keys(formState.errors) as (keyof ScheduleFormValues)[]).filter(
    (field) => field in FIELD_LABELS,
  );
  const known = callErrorOf(error);
  const placed = known?.faults.some((fault) => formFieldOf(fault.field) !== null);
  return (
    <>
      {error && !placed ? <ActionError error={error} /> : null}
      {faulty.length > 0 ? (
        <Callout tone="danger">
          Not saved. Check these fields: {faulty.map((field) => FIELD_LABELS[field]).join(", ")}.
        </Callout>
      ) : null}
    </>
  );
}
