"use client";

import { useMemo } from "react";
import { Combobox } from "./combobox";
import { useNow } from "./now";
import { currentZoneName, zoneOptions } from "./zones";

const HOUR_MS = 3_600_000;

export interface ZoneComboboxProps {
  value: string;
  onValueChange: (zone: string) => void;
  disabled?: boolean;
  start?: { open: boolean; text?: string };
  className?: string;
  "aria-label"?: string;
}

/** The combobox of `ZonePicker`. Components that are loaded on demand may use it directly. */
export function ZoneCombobox({ value, onValueChange, ...rest }: ZoneComboboxProps) {
  // Offsets change with daylight saving, so the options are computed again every hour.
  const nowMs = useNow(HOUR_MS);
  const options = useMemo(() => zoneOptions(nowMs), [nowMs]);
  return (
    <Combobox
      value={currentZoneName(value)}
      onValueChange={(zone) => zone && onValueChange(zone)}
      options={options}
      placeholder="City, offset or time zone"
      emptyText="No time zone matches. Try a city or an offset like +5:30."
      limit={60}
      {...rest}
    />
  );
}
