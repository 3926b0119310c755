"use client";

import { Check } from "lucide-react";
import { type ReactElement, useState } from "react";
import { Button } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { Field } from "~/components/ui/field";
import { useNow } from "~/components/ui/now";
import { Popover } from "~/components/ui/popover";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import { WallInput } from "~/components/ui/wall-input";
import { WALL_FORMAT } from "~/components/ui/wall-text";
import { fromWallInput, toWallInput } from "./time-range";

/** A range that moves with the clock, or two fixed instants (epoch ms). */
export type PickedRange<Preset extends string> = { preset: Preset } | { from: number; to: number };

export interface RangePickerProps<Preset extends string> {
  value: PickedRange<Preset>;
  onChange: (range: PickedRange<Preset>) => void;
  presets: Readonly<Record<Preset, { label: string }>>;
  /** Returns the two ends of a range at `nowMs`. They are the initial values of a custom range. */
  resolve: (range: PickedRange<Preset>, nowMs: number) => { from: number; to: number };
}

export function RangePopover<Preset extends string>({
  value,
  onChange,
  presets,
  resolve,
  trigger,
}: RangePickerProps<Preset> & { trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  const choose = (range: PickedRange<Preset>) => {
    onChange(range);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={setOpen} title="Time range" hideTitle className="w-68" trigger={trigger}>
      <ul className="-mx-1 -mt-1 mb-2">
        {(Object.keys(presets) as Preset[]).map((preset) => {
          const isCurrent = "preset" in value && value.preset === preset;
          return (
            <li key={preset}>
              <button
                type="button"
                aria-pressed={isCurrent}
                onClick={() => choose({ preset })}
                className={cn(
                  "flex h-8 w-full items-center justify-between rounded-md px-2 text-left text-sm hover:bg-hover",
                  isCurrent && "font-medium",
                )}
              >
                {presets[preset].label}
                {isCurrent ? <Check aria-hidden className="size-4" /> : null}
              </button>
            </li>
          );
        })}
      </ul>
      <CustomRange resolveInitial={(nowMs) => resolve(value, nowMs)} onApply={choose} />
    </Popover>
  );
}

// Mounted with the popover, so that closing the popover drops input that was not applied.
function CustomRange({
  resolveInitial,
  onApply,
}: {
  resolveInitial: (nowMs: number) => { from: number; to: number };
  onApply: (range: { from: number; to: number }) => void;
}) {
  const { zone } = useDisplayZone();
  const nowMs = useNow(60_000);
  const [initial] = useState(() => resolveInitial(nowMs));
  const [from, setFrom] = useState(() => toWallInput(initial.from, zone));
  const [to, setTo] = useState(() => toWallInput(initial.to, zone));
  const fromMs = fromWallInput(from, zone);
  const toMs = fromWallInput(to, zone);
  const faultOf = (text: string, ms: number | null) =>
    ms === null && text.length >= WALL_FORMAT.length ? `Enter a date and a time as ${WALL_FORMAT}.` : undefined;
  const isReversed = fromMs !== null && toMs !== null && fromMs >= toMs;
  return (
    <form
      className="flex flex-col gap-2.5 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (fromMs !== null && toMs !== null && !isReversed) onApply({ from: fromMs, to: toMs });
      }}
    >
      <Field label="From" error={faultOf(from, fromMs)}>
        <WallInput required text={from} onTextChange={setFrom} />
      </Field>
      <Field label="To" error={isReversed ? "The end must be after the start." : faultOf(to, toMs)}>
        <WallInput required text={to} onTextChange={setTo} />
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
