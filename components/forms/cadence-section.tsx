"use client";

import { useWatch } from "react-hook-form";
import { callErrorOf } from "~/components/trpc/app-error";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field } from "~/components/ui/field";
import { formatZone } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { useNow } from "~/components/ui/now";
import { NumberField } from "~/components/ui/number-field";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { Instant, useDisplayZone } from "~/components/ui/time";
import { INCOMPLETE_TIME, instantOfWall, wallOf } from "~/components/ui/wall-clock";
import { ZonePicker } from "~/components/ui/zone-picker";
import { Anchored, ChoiceField, IntegerField, useScheduleField, useScheduleForm } from "./controlled";
import { isIntervalCron } from "./cron-preset";
import { MAX_RUNS_LIMITS } from "./form-limits";
import { pastTimeFault } from "./past-time";
import { PresetPicker } from "./preset-picker";
import type { ScheduleFormValues } from "./schedule-form-model";
import { faultText } from "./server-faults";
import { SlotSuggestion, TimeSuggestion } from "./slot-suggestion";
import { useCadencePreview } from "./use-cadence-preview";
import { hasClockChanges } from "./zone-changes";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When the schedule fires: once or by cron, in one time zone. `scheduleId` is undefined for a new schedule. */
export function CadenceSection({ scheduleId }: { scheduleId: string | undefined }) {
  const kind = useScheduleField("kind");
  return (
    <div className="flex flex-col gap-4">
      <Anchored name="kind">
        <SegmentedControl
          label="Kind"
          value={kind.value}
          onValueChange={kind.onChange}
          options={[
            { value: "recurring", label: "Recurring" },
            { value: "one_time", label: "One-time" },
          ]}
          className="self-start"
        />
      </Anchored>
      {kind.value === "recurring" ? <Recurring scheduleId={scheduleId} /> : <OneTime scheduleId={scheduleId} />}
    </div>
  );
}

function ZoneField() {
  const { value: zone, error, label } = useScheduleField("timezone");
  const { getValues, setValue } = useScheduleForm();
  const change = (next: string) => {
    // Keeps the local times in the form, so that their instants change.
    for (const name of ["executionTime", "startAt", "endAt"] as const) {
      const instant = getValues(name);
      if (instant === null || instant === INCOMPLETE_TIME) continue;
      setValue(name, instantOfWall(wallOf(instant, zone), next), { shouldDirty: true });
    }
    setValue("timezone", next, { shouldDirty: true, shouldValidate: true });
  };
  return (
    <Anchored name="timezone">
      <Field label={label} required error={error}>
        <ZonePicker value={zone} onValueChange={change} />
      </Field>
    </Anchored>
  );
}

/** A date and time in the zone of the schedule. `error` is shown instead of the form's error. */
function TimeField({
  name,
  label,
  description,
  required,
  error,
}: {
  name: "executionTime" | "startAt" | "endAt";
  label?: string;
  description?: string;
  required?: boolean;
  error?: string;
}) {
  const field = useScheduleField(name);
  const zone = useWatch<ScheduleFormValues, "timezone">({ name: "timezone" });
  return (
    <Anchored name={name}>
      <DateTimeField
        label={label ?? field.label}
        description={description}
        required={required}
        value={field.value}
        onChange={field.onChange}
        zone={zone}
        error={error ?? field.error}
      />
    </Anchored>
  );
}

function OneTime({ scheduleId }: { scheduleId: string | undefined }) {
  const time = useScheduleField("executionTime");
  const zone = useWatch<{ timezone: string }, "timezone">({ name: "timezone" });
  const display = useDisplayZone();
  const enabled = useWatch<ScheduleFormValues, "enabled">({ name: "enabled" });
  const nowMs = useNow(MINUTE_MS);
  // A paused schedule may keep a time that has passed.
  const past = enabled ? pastTimeFault(time.value, nowMs) : null;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TimeField name="executionTime" label="Date and time" required error={past ?? undefined} />
        <ZoneField />
      </div>
      {time.value && time.value !== INCOMPLETE_TIME ? (
        <dl className="grid gap-x-6 gap-y-1 rounded-md bg-sunken px-3 py-2 text-sm sm:grid-cols-[auto_1fr]">
          {[...new Set([zone, display.zone, "UTC"])].map((one) => (
            <div key={one} className="contents">
              <dt className="text-muted">
                {one === zone ? "Schedule's time zone" : one === display.zone ? "Your time zone" : "UTC"}
              </dt>
              <dd>
                <Instant value={time.value} zone={one} showZone={false} />{" "}
                <span className="text-subtle">{formatZone(Date.parse(time.value ?? ""), one)}</span>
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {time.value && time.value !== INCOMPLETE_TIME && pastTimeFault(time.value, nowMs) === null ? (
        <TimeSuggestion scheduleId={scheduleId} time={time.value} timezone={zone} onUse={time.onChange} />
      ) : null}
    </>
  );
}

function Recurring({ scheduleId }: { scheduleId: string | undefined }) {
  const cron = useScheduleField("cronExpression");
  const preview = useCadencePreview();
  const refusal = preview.error ? callErrorOf(preview.error) : null;
  const fault = refusal?.faults[0];
  const zone = useWatch<ScheduleFormValues, "timezone">({ name: "timezone" });
  const nowMs = useNow(DAY_MS);
  return (
    <>
      <PresetPicker cron={cron.value} onChange={cron.onChange} />
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex flex-col gap-2">
          <Anchored name="cronExpression">
            <Field
              label={cron.label}
              required
              error={cron.error ?? (fault ? faultText(fault) : refusal?.message)}
              description="Five fields: minute, hour, day of month, month, day of week. Add a sixth field in front for seconds."
            >
              <Input
                ref={cron.ref}
                value={cron.value}
                onChange={cron.onChange}
                onBlur={cron.onBlur}
                className="font-mono"
                autoComplete="off"
                spellCheck={false}
              />
            </Field>
          </Anchored>
          <SlotSuggestion scheduleId={scheduleId} onUse={cron.onChange} />
        </div>
        <ZoneField />
      </div>
      {hasClockChanges(zone, nowMs) ? (
        <>
          <DaylightSaving />
          {isIntervalCron(cron.value) ? (
            <p className="text-muted text-sm">
              This cron expression is an interval. An interval leaves out times that do not exist and runs at both
              passes of times that occur twice, so the two settings above have no effect on it.
            </p>
          ) : null}
        </>
      ) : null}
    </>
  );
}

function DaylightSaving() {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        name="dstGap"
        options={[
          { value: "first_valid", label: "Run at the first valid time after the gap" },
          { value: "shift", label: "Run later by the length of the gap" },
          { value: "skip", label: "Skip the run" },
        ]}
      />
      <ChoiceField
        name="dstOverlap"
        options={[
          { value: "first", label: "Run the first time" },
          { value: "second", label: "Run the second time" },
          { value: "both", label: "Run both times" },
        ]}
      />
    </div>
  );
}

/** Start, end, maximum runs and jitter. For a one-time schedule only jitter. */
export function BoundsSection() {
  const maxRuns = useScheduleField("maxRuns");
  const kind = useWatch<ScheduleFormValues, "kind">({ name: "kind" });
  if (kind === "one_time") {
    return (
      <IntegerField
        name="jitterSeconds"
        unit="s"
        className="max-w-60"
        description="Delays the run by up to this long. All workers compute the same delay."
      />
    );
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TimeField name="startAt" description="Leave empty to start immediately." />
      <TimeField name="endAt" description="Leave empty for a schedule without an end." />
      <Anchored name="maxRuns">
        <Field
          label={maxRuns.label}
          description="The schedule completes after this many planned runs. Leave empty for no limit."
          error={maxRuns.error}
        >
          <NumberField value={maxRuns.value} onValueChange={maxRuns.onChange} {...MAX_RUNS_LIMITS} />
        </Field>
      </Anchored>
      <IntegerField
        name="jitterSeconds"
        unit="s"
        description="Delays each run by up to this long, to spread the load."
      />
    </div>
  );
}
