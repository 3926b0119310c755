"use client";

import { CalendarRange, Check } from "lucide-react";
import { useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { Field } from "~/components/ui/field";
import { formatInstant } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { useNow } from "~/components/ui/now";
import { Popover } from "~/components/ui/popover";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import {
  fromWallInput,
  RANGE_PRESETS,
  type RangePreset,
  resolveRange,
  type TimeRange,
  toWallInput,
} from "./time-range";

/** Picks a preset window, or two instants in the display zone. */
export function TimeRangePicker({ value, onChange }: { value: TimeRange; onChange: (range: TimeRange) => void }) {
  const display = useDisplayZone();
  const [open, setOpen] = useState(false);
  const choose = (range: TimeRange) => {
    onChange(range);
    setOpen(false);
  };
  const end = (ms: number) => formatInstant(ms, { ...display, format: "short", precision: "minute" });
  const text = "preset" in value ? RANGE_PRESETS[value.preset].label : `${end(value.from)} – ${end(value.to)}`;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Time range"
      hideTitle
      className="w-68"
      trigger={<Button icon={<CalendarRange aria-hidden />}>{text}</Button>}
    >
      <ul className="-mx-1 -mt-1 mb-2">
        {(Object.keys(RANGE_PRESETS) as RangePreset[]).map((preset) => {
          const current = "preset" in value && value.preset === preset;
          return (
            <li key={preset}>
              <button
                type="button"
                aria-pressed={current}
                onClick={() => choose({ preset })}
                className={cn(
                  "flex h-8 w-full items-center justify-between rounded-md px-2 text-left text-sm hover:bg-hover",
                  current && "font-medium",
                )}
              >
                {RANGE_PRESETS[preset].label}
                {current ? <Check aria-hidden className="size-4" /> : null}
              </button>
            </li>
          );
        })}
      </ul>
      <CustomRange value={value} onApply={choose} />
    </Popover>
  );
}

// Mounted with the popover, so that input that was not applied is dropped on close.
function CustomRange({ value, onApply }: { value: TimeRange; onApply: (range: TimeRange) => void }) {
  const { zone } = useDisplayZone();
  const now = useNow(60_000);
  const [initial] = useState(() => resolveRange(value, now));
  const [from, setFrom] = useState(() => toWallInput(initial.from, zone));
  const [to, setTo] = useState(() => toWallInput(initial.to, zone));
  const fromMs = fromWallInput(from, zone);
  const toMs = fromWallInput(to, zone);
  const reversed = fromMs !== null && toMs !== null && fromMs >= toMs;
  return (
    <form
      className="flex flex-col gap-2.5 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (fromMs !== null && toMs !== null && !reversed) onApply({ from: fromMs, to: toMs });
      }}
    >
      <Field label="From">
        <Input type="datetime-local" required value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To" error={reversed ? "The end must be after the start." : undefined}>
        <Input type="datetime-local" required value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <div className="flex items-center justify-between gap-2">
        <ZoneLabel className="truncate text-muted text-xs" />
        <Button type="submit" variant="primary" size="sm">
          Apply
        </Button>
      </div>
    </form>
  );
}
