"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { FormProvider, type Resolver, useForm } from "react-hook-form";
import { ActionError } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import { Button, ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { formatCounted } from "~/components/ui/format";
import { Switch } from "~/components/ui/switch";
import { useLoadLater } from "~/components/ui/use-load-later";
import { BoundsSection, CadenceSection } from "./cadence-section";
import { Anchored, TextAreaField, TextField, useScheduleField, useScheduleForm } from "./controlled";
import { DeliverySection, DestinationSection } from "./destination-section";
import { DraftBar } from "./draft-bar";
import { faultList } from "./fault-list";
import { fieldAnchor, focusField } from "./field-focus";
import { pastTimeFault } from "./past-time";
import { PayloadEditor } from "./payload-section";
import type { ScheduleFormValues } from "./schedule-form-model";
import { ScheduleSummary } from "./schedule-summary";
import { faultText, formFieldOf, otherFaults } from "./server-faults";
import { TagsField } from "./tags-field";
import { UnsavedGuard } from "./unsaved-guard";
import { useDraft } from "./use-draft";

export interface ScheduleFormProps {
  /** The stored schedule that the form edits; undefined for a new one. */
  scheduleId?: string;
  initial: ScheduleFormValues;
  submitLabel: string;
  cancelHref: string;
  onSubmit: (values: ScheduleFormValues) => void;
  pending: boolean;
  /** The error of the last save: faults of fields are shown at the fields, everything else above the buttons. */
  error: unknown;
  /** Whether the form was saved, so that leaving asks for no confirmation. */
  saved: boolean;
  /** Identifies the draft that the browser keeps of this form. */
  draft: string;
  /** Offers existing schedules to copy. */
  withTemplates?: boolean;
  /** Asks before leaving even without edits, because the unsaved copy would be lost. */
  initiallyDirty?: boolean;
}

const loadSchema = () => import("./schedule-form-schema");
/** Loads the rules before the first check. If this load fails, the first check loads them again. */
const preloadSchema = () => void loadSchema().catch(() => undefined);
/** Loads the rules after the page, because nothing is checked before the user enters something. */
const resolver: Resolver<ScheduleFormValues> = async (...form) => (await loadSchema()).resolveScheduleForm(...form);

export function ScheduleForm(props: ScheduleFormProps) {
  const form = useForm<ScheduleFormValues>({
    resolver,
    defaultValues: props.initial,
    mode: "onTouched",
    // Our own code focuses the first field with an error, because react-hook-form does not know every control.
    shouldFocusError: false,
  });
  const { setError, getValues, formState } = form;
  const draft = useDraft({ form, name: props.draft, initial: props.initial, saved: props.saved });
  const { error } = props;
  useLoadLater(preloadSchema);
  useEffect(() => {
    const known = callErrorOf(error);
    const past = known?.code === "execution_time_past" ? pastTimeFault(getValues("executionTime"), Date.now()) : null;
    const fields = (known?.faults ?? []).flatMap((fault) => {
      const field = formFieldOf(fault.field);
      if (field) setError(field, { type: "server", message: past ?? faultText(fault) });
      return field ?? [];
    });
    // After the render that shows the errors and opens their sections.
    if (fields[0]) requestAnimationFrame(() => focusField(fields[0] as keyof ScheduleFormValues));
  }, [error, setError, getValues]);

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={form.handleSubmit(props.onSubmit, focusFirst)}>
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="flex flex-col gap-5">
            <Card title="Details">
              <Identity />
            </Card>
            <Card title="Timing">
              <CadenceSection scheduleId={props.scheduleId} />
            </Card>
            <Card title="Destination and headers">
              <DestinationSection withTemplates={props.withTemplates ?? false} />
            </Card>
            <PayloadEditor />
            <CollapsedSection title="Start, end and jitter">
              <BoundsSection />
            </CollapsedSection>
            <CollapsedSection title="Retries, priority and catch-up">
              <DeliverySection />
            </CollapsedSection>
          </div>
          <ScheduleSummary />
        </div>
        <footer className="sticky bottom-(--strip-height) z-10 -mx-3 mt-5 flex flex-col gap-2 border-t bg-canvas px-3 py-2 sm:-mx-6 sm:gap-3 sm:px-6 sm:py-3">
          {/* In the footer, because the top of the page may be scrolled out of view after a reload. */}
          {draft.offer ? <DraftBar draft={draft.offer} onRestore={draft.restore} onDiscard={draft.discard} /> : null}
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
      <UnsavedGuard
        active={(formState.isDirty || Boolean(props.initiallyDirty)) && !props.saved}
        isKept={draft.isKept && formState.isDirty}
      />
    </FormProvider>
  );
}

function focusFirst(errors: object): void {
  const [first] = faultList({ ...errors });
  if (first) requestAnimationFrame(() => focusField(first.field));
}

function Identity() {
  const enabled = useScheduleField("enabled");
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          placeholder="daily-report"
          description="Must be unique. Without a name, the schedule is listed by its event and its entity id."
        />
        <TagsField />
      </div>
      <TextAreaField name="description" />
      <Anchored name="enabled">
        <Field
          layout="control"
          label={enabled.label}
          description="If off, the schedule is saved but does not fire until someone resumes it."
          error={enabled.error}
        >
          <Switch checked={enabled.value} onCheckedChange={enabled.onChange} />
        </Field>
      </Anchored>
    </div>
  );
}

/** Rarely changed fields, collapsed at first. Opens when any collapsed field of the form has an error. */
function CollapsedSection({ title, children }: { title: string; children: ReactNode }) {
  const { formState } = useScheduleForm();
  const hasFault = COLLAPSED_FIELDS.some((field) => formState.errors[field]);
  return (
    <details open={hasFault || undefined} className="group rounded-lg border bg-surface shadow-card">
      <summary className="flex h-11 cursor-pointer items-center justify-between px-4 font-semibold text-base">
        {title}
        <ChevronDown aria-hidden className="size-4 text-muted group-open:rotate-180" />
      </summary>
      <div className="p-4 pt-1">{children}</div>
    </details>
  );
}

const COLLAPSED_FIELDS = [
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

/** Lists the fields with errors, each with a link to it, and shows the rest of a server error. */
function Faults({ error }: { error: unknown }) {
  const { formState } = useScheduleForm();
  const faults = faultList({ ...formState.errors });
  const known = callErrorOf(error)?.faults ?? [];
  const others = otherFaults(known);
  const hasFieldFault = others.length < known.length;
  return (
    <>
      {error && !hasFieldFault ? <ActionError error={error} /> : null}
      {hasFieldFault && others.length > 0 ? (
        <Callout tone="danger" title="Not saved">
          <ul className="max-h-28 overflow-y-auto">
            {others.map((fault) => (
              <li key={fault.field}>
                {fault.field}: {fault.message}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
      {faults.length > 0 ? (
        <Callout tone="danger" title={`Not saved: ${formatCounted(faults.length, "field")} to correct`}>
          <ul className="max-h-28 overflow-y-auto">
            {faults.map(({ field, label, message }) => (
              <li key={field}>
                <a
                  href={`#${fieldAnchor(field)}`}
                  className="rounded underline decoration-line-strong underline-offset-2 hover:decoration-current"
                  onClick={(event) => {
                    event.preventDefault();
                    focusField(field);
                  }}
                >
                  {label}
                </a>
                : {message}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </>
  );
}
