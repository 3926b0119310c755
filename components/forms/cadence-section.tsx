"use client";

import { useWatch } from "react-hook-form";
import { callErrorOf } from "~/components/trpc/app-error";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field } from "~/components/ui/field";
import { formatZone } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { NumberField } from "~/components/ui/number-field";
import { SegmentedControl } from "~/components/ui/segmented-control";
import { Instant, useDisplayZone } from "~/components/ui/time";
import { resolveWall, wallOf } from "~/components/ui/wall-clock";
import { ZonePicker } from "~/components/ui/zone-picker";
import { ChoiceField, useScheduleField, useScheduleForm, WholeField } from "./controlled";
import { PresetPicker } from "./preset-picker";
import { faultText } from "./server-faults";
import { useCadencePreview } from "./use-cadence-preview";

/** When the schedule fires: once or by cron, in one time zone. */
export function CadenceSection() {
  const kind = useScheduleField("kind");
  return (
    <div className="flex flex-col gap-4">
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
      {kind.value === "recurring" ? <Recurring /> : <OneTime />}
    </div>
  );
}

function ZoneField() {
  const { value: zone, error, label } = useScheduleField("timezone");
  const { getValues, setValue } = useScheduleForm();
  const change = (next: string) => {
    // The local times in the form stay the same; their instants change.
    for (const name of ["executionTime", "startAt", "endAt"] as const) {
      const instant = getValues(name);
      if (!instant) continue;
      const moved = resolveWall(wallOf(instant, zone), next);
      setValue(name, moved.kind === "exact" ? moved.instant : null, { shouldDirty: true });
    }
    setValue("timezone", next, { shouldDirty: true, shouldValidate: true });
  };
  return (
    <Field label={label} required error={error}>
      <ZonePicker value={zone} onValueChange={change} />
    </Field>
  );
}

function OneTime() {
  const time = useScheduleField("executionTime");
  const zone = useWatch<{ timezone: string }, "timezone">({ name: "timezone" });
  const display = useDisplayZone();
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <DateTimeField
          label="Date and time"
          required
          value={time.value}
          onChange={time.onChange}
          zone={zone}
          error={time.error}
        />
        <ZoneField />
      </div>
      {time.value ? (
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
    </>
  );
}

function Recurring() {
  const cron = useScheduleField("cronExpression");
  const preview = useCadencePreview();
  const refusal = preview.error ? callErrorOf(preview.error) : null;
  const fault = refusal?.faults[0];
  return (
    <>
      <PresetPicker cron={cron.value} onChange={cron.onChange} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={cron.label}
          required
          error={cron.error ?? (fault ? faultText(fault) : refusal?.message)}
          description="Five fields: minute, hour, day of month, month, day of week. A sixth field in front is seconds."
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
        <ZoneField />
      </div>
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
    </>
  );
}

/** Start, end, maximum runs and jitter. */
export function BoundsSection() {
  const startAt = useScheduleField("startAt");
  const endAt = useScheduleField("endAt");
  const maxRuns = useScheduleField("maxRuns");
  const [kind, zone] = useWatch<{ kind: string; timezone: string }, ["kind", "timezone"]>({
    name: ["kind", "timezone"],
  });
  if (kind === "one_time") {
    return (
      <WholeField
        name="jitterSeconds"
        min={0}
        max={86_400}
        unit="s"
        className="max-w-60"
        description="Delays the run by up to this long. All workers compute the same delay."
      />
    );
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <DateTimeField
        label={startAt.label}
        description="Empty: starts immediately."
        value={startAt.value}
        onChange={startAt.onChange}
        zone={zone}
        error={startAt.error}
      />
      <DateTimeField
        label={endAt.label}
        description="Empty: never ends."
        value={endAt.value}
        onChange={endAt.onChange}
        zone={zone}
        error={endAt.error}
      />
      <Field
        label={maxRuns.label}
        description="The schedule completes after this many. Empty: no limit."
        error={maxRuns.error}
      >
        <NumberField value={maxRuns.value} onValueChange={maxRuns.onChange} min={1} max={1_000_000_000} />
      </Field>
      <WholeField
        name="jitterSeconds"
        min={0}
        max={86_400}
        unit="s"
        description="Delays each run by up to this long, to spread the load."
      />
    </div>
  );
}
