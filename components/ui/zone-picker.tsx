"use client";

import { useMemo } from "react";
import { Combobox } from "./combobox";
import { useNow } from "./now";
import { currentZoneName, zoneOptions } from "./zones";

const HOUR_MS = 3_600_000;

/** Selects an IANA zone by city, offset, abbreviation or old name. Named by its `Field` or by `aria-label`. */
export function ZonePicker({
  value,
  onValueChange,
  disabled,
  className,
  "aria-label": ariaLabel,
}: {
  value: string;
  onValueChange: (zone: string) => void;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
}) {
  // Offsets change with daylight saving, so the options are computed again every hour.
  const hour = useNow(HOUR_MS);
  const options = useMemo(() => zoneOptions(hour), [hour]);
  return (
    <Combobox
      value={currentZoneName(value)}
      onValueChange={(zone) => zone && onValueChange(zone)}
      options={options}
      placeholder="City, offset or time zone"
      emptyText="No time zone matches. Try a city or an offset like +5:30."
      limit={60}
      disabled={disabled}
      className={className}
      aria-label={ariaLabel}
    />
  );
}
