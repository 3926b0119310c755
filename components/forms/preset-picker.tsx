"use client";

import { useState } from "react";
import { cn } from "~/components/ui/cn";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { NumberField } from "~/components/ui/number-field";
import { Select } from "~/components/ui/select";
import { type CronPreset, cronToPreset, MINUTE_STEPS, type PresetKind, presetToCron } from "./cron-preset";

const KINDS: readonly { value: PresetKind; label: string }[] = [
  { value: "minutes", label: "Every few minutes" },
  { value: "hourly", label: "Every hour" },
  { value: "daily", label: "Every day" },
  { value: "weekdays", label: "Monday to Friday" },
  { value: "weekly", label: "On days of the week" },
  { value: "monthly", label: "On a day of the month" },
  { value: "custom", label: "Custom cron expression" },
];
const STEPS = MINUTE_STEPS.map((every) => ({
  value: String(every),
  label: every === 1 ? "Every minute" : `Every ${every} minutes`,
}));
/** Monday first, with cron's numbers. */
const DAYS = [
  [1, "Mon"],
  [2, "Tue"],
  [3, "Wed"],
  [4, "Thu"],
  [5, "Fri"],
  [6, "Sat"],
  [0, "Sun"],
] as const;
const MONTH_DAYS = [
  ...Array.from({ length: 31 }, (_, index) => ({ value: String(index + 1), label: `Day ${index + 1}` })),
  { value: "L", label: "Last day" },
];

function start(kind: PresetKind, time: string): CronPreset {
  switch (kind) {
    case "minutes":
      return { kind, every: 5 };
    case "hourly":
      return { kind, minute: 0 };
    case "weekly":
      return { kind, days: [1], time };
    case "monthly":
      return { kind, day: 1, time };
    case "custom":
      return { kind };
    default:
      return { kind, time };
  }
}

/** Common cadences, read from the cron and written to it. Any other cron shows as custom. */
export function PresetPicker({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  // While a custom cron is typed it may match a preset; the picker must stay on custom.
  const [own, setOwn] = useState(false);
  const preset = own ? ({ kind: "custom" } as const) : cronToPreset(cron);
  const write = (next: CronPreset) => {
    const text = presetToCron(next);
    if (text !== null) onChange(text);
  };
  const time = "time" in preset ? preset.time : "09:00";
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label="Repeats" className="w-56">
        <Select
          value={preset.kind}
          onValueChange={(kind) => {
            setOwn(kind === "custom");
            write(start(kind, time));
          }}
          options={KINDS}
        />
      </Field>
      {preset.kind === "minutes" ? (
        <Field label="How often" className="w-44">
          <Select
            value={String(preset.every)}
            onValueChange={(every) => write({ kind: "minutes", every: Number(every) })}
            options={STEPS}
          />
        </Field>
      ) : null}
      {preset.kind === "hourly" ? (
        <Field label="At minute" className="w-32">
          <NumberField
            value={preset.minute}
            onValueChange={(minute) => write({ kind: "hourly", minute: minute ?? 0 })}
            min={0}
            max={59}
          />
        </Field>
      ) : null}
      {preset.kind === "weekly" ? (
        <DayPicker days={preset.days} onChange={(days) => write({ ...preset, days })} />
      ) : null}
      {preset.kind === "monthly" ? (
        <Field label="On" className="w-32">
          <Select
            value={String(preset.day)}
            onValueChange={(day) => write({ ...preset, day: day === "L" ? "L" : Number(day) })}
            options={MONTH_DAYS}
          />
        </Field>
      ) : null}
      {"time" in preset ? (
        <Field label="At" className="w-32">
          <Input
            type="time"
            required
            value={preset.time}
            onChange={(event) => event.target.value && write({ ...preset, time: event.target.value })}
          />
        </Field>
      ) : null}
    </div>
  );
}

function DayPicker({ days, onChange }: { days: readonly number[]; onChange: (days: number[]) => void }) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">On</legend>
      <div className="flex flex-wrap gap-1">
        {DAYS.map(([day, label]) => {
          const chosen = days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={chosen}
              // At least one day stays selected.
              onClick={() =>
                chosen ? days.length > 1 && onChange(days.filter((one) => one !== day)) : onChange([...days, day])
              }
              className={cn(
                "h-8 rounded-md border border-line-control px-2 font-medium text-muted text-xs hover:bg-hover",
                chosen && "border-accent bg-accent-soft text-accent-ink hover:bg-accent-soft",
              )}
            >
              {label}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
