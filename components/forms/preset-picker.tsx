"use client";

import { useState } from "react";
import { cn } from "~/components/ui/cn";
import { Field } from "~/components/ui/field";
import { MONTHS } from "~/components/ui/format";
import { Select } from "~/components/ui/select";
import { TimeInput } from "~/components/ui/time-input";
import { type CronPreset, HOUR_STEPS, MINUTE_STEPS, type PresetKind, presetsOf, presetToCron } from "./cron-preset";

const KINDS: readonly { value: PresetKind; label: string }[] = [
  { value: "minutes", label: "Every few minutes" },
  { value: "hourly", label: "Every hour" },
  { value: "hours", label: "Every few hours" },
  { value: "daily", label: "Every day" },
  { value: "weekdays", label: "Monday through Friday" },
  { value: "weekly", label: "On days of the week" },
  { value: "monthly", label: "On a day of the month" },
  { value: "yearly", label: "On a day of the year" },
  { value: "custom", label: "Custom cron expression" },
];
const MINUTE_STEP_OPTIONS = MINUTE_STEPS.map((every) => ({
  value: String(every),
  label: every === 1 ? "Every minute" : `Every ${every} minutes`,
}));
const HOUR_STEP_OPTIONS = HOUR_STEPS.map((every) => ({ value: String(every), label: `Every ${every} hours` }));
/** A list instead of a number field, so that no minute can be out of range. */
const MINUTE_OPTIONS = Array.from({ length: 60 }, (_, minute) => ({
  value: String(minute),
  label: String(minute).padStart(2, "0"),
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
const daysUpTo = (last: number) =>
  Array.from({ length: last }, (_, index) => ({ value: String(index + 1), label: `Day ${index + 1}` }));
const MONTH_DAYS = [...daysUpTo(31), { value: "L", label: "Last day" }];
const MONTH_OPTIONS = MONTHS.map((label, index) => ({ value: String(index + 1), label }));
/** In a leap year, so that 29 February can be chosen. */
const lastDayOf = (month: number) => new Date(Date.UTC(2024, month, 0)).getUTCDate();

function initialPreset(kind: PresetKind, { time, minute }: { time: string; minute: number }): CronPreset {
  switch (kind) {
    case "minutes":
      return { kind, every: 5 };
    case "hourly":
      return { kind, minute };
    case "hours":
      return { kind, every: 6, minute };
    case "weekly":
      return { kind, days: [1], time };
    case "monthly":
      return { kind, day: 1, time };
    case "yearly":
      return { kind, month: 1, day: 1, time };
    case "custom":
      return { kind };
    default:
      return { kind, time };
  }
}

/** Common cadences, read from the cron and written to it. Any other cron shows as custom. */
export function PresetPicker({ cron, onChange }: { cron: string; onChange: (cron: string) => void }) {
  // Keep the chosen kind while the cron matches it. Without this, the picker would switch while a custom cron is typed,
  // or when the chosen days are Monday to Friday.
  const [chosen, setChosen] = useState<PresetKind | null>(null);
  const readings = chosen === "custom" ? [] : presetsOf(cron);
  const preset = readings.find(({ kind }) => kind === chosen) ?? readings[0] ?? ({ kind: "custom" } as const);
  const write = (next: CronPreset) => {
    const text = presetToCron(next);
    if (text !== null) onChange(text);
  };
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Field label="Repeats" className="w-52">
        <Select
          value={preset.kind}
          onValueChange={(kind) => {
            setChosen(kind);
            const time = "time" in preset ? preset.time : "09:00";
            write(initialPreset(kind, { time, minute: "minute" in preset ? preset.minute : 0 }));
          }}
          options={KINDS}
        />
      </Field>
      {preset.kind === "minutes" ? (
        <Field label="How often" className="w-44">
          <Select
            value={String(preset.every)}
            onValueChange={(every) => write({ kind: "minutes", every: Number(every) })}
            options={MINUTE_STEP_OPTIONS}
          />
        </Field>
      ) : null}
      {preset.kind === "hours" ? (
        <Field label="How often" className="w-44">
          <Select
            value={String(preset.every)}
            onValueChange={(every) => write({ ...preset, every: Number(every) })}
            options={HOUR_STEP_OPTIONS}
          />
        </Field>
      ) : null}
      {"minute" in preset ? (
        <Field label="At minute" className="w-28">
          <Select
            value={String(preset.minute)}
            onValueChange={(minute) => write({ ...preset, minute: Number(minute) })}
            options={MINUTE_OPTIONS}
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
      {preset.kind === "yearly" ? (
        <>
          <Field label="In" className="w-24">
            <Select
              value={String(preset.month)}
              onValueChange={(text) => {
                const month = Number(text);
                write({ ...preset, month, day: Math.min(preset.day, lastDayOf(month)) });
              }}
              options={MONTH_OPTIONS}
            />
          </Field>
          <Field label="On" className="w-28">
            <Select
              value={String(preset.day)}
              onValueChange={(day) => write({ ...preset, day: Number(day) })}
              options={daysUpTo(lastDayOf(preset.month))}
            />
          </Field>
        </>
      ) : null}
      {"time" in preset ? (
        <Field label="At" className="w-32">
          <TimeInput value={preset.time} onChange={(time) => write({ ...preset, time })} />
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
          const isChosen = days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={isChosen}
              // At least one day stays selected.
              onClick={() =>
                isChosen ? days.length > 1 && onChange(days.filter((one) => one !== day)) : onChange([...days, day])
              }
              className={cn(
                "h-8 rounded-md border border-line-control px-2 font-medium text-muted text-xs hover:bg-hover",
                isChosen && "border-accent bg-accent-soft text-accent-ink hover:bg-accent-soft",
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
