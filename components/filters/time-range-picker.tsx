"use client";

import { CalendarRange } from "lucide-react";
import { Button } from "~/components/ui/button";
import { formatInstant } from "~/components/ui/format";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import { useDisplayZone } from "~/components/ui/time";
import type { RangePickerProps } from "./range-popover";
import { RANGE_PRESETS, resolveRange, type TimeRange } from "./time-range";

const popover = lazyComponent(() => import("./range-popover").then((module) => module.RangePopover<string>));

/** Picks a time range: a preset that ends now, or two instants. */
export function TimeRangePicker(props: { value: TimeRange; onChange: (range: TimeRange) => void }) {
  return <RangePicker {...props} presets={RANGE_PRESETS} resolve={resolveRange} />;
}

/** Picks one of the given presets, or two instants in the display zone. */
export function RangePicker<Preset extends string>(props: RangePickerProps<Preset>) {
  const display = useDisplayZone();
  const { value, presets } = props;
  const textOf = (ms: number) => formatInstant(ms, { ...display, format: "short", precision: "minute" });
  const text = "preset" in value ? presets[value.preset].label : `${textOf(value.from)} – ${textOf(value.to)}`;
  return (
    <OnDemand component={popover} kind="dialog" trigger={<Button icon={<CalendarRange aria-hidden />}>{text}</Button>}>
      {(RangePopover, trigger) => (
        <RangePopover {...(props as unknown as RangePickerProps<string>)} trigger={trigger} />
      )}
    </OnDemand>
  );
}
