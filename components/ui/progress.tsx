"use client";

import { Progress as Base } from "@base-ui/react/progress";
import { cn } from "./cn";

const TONES = { accent: "bg-accent", success: "bg-success", warning: "bg-warning", danger: "bg-danger" } as const;

/** Progress: `value` of `max`, null if unknown. `valueText` is shown and announced instead of a percentage. */
export function Progress({
  label,
  value,
  max = 100,
  tone = "accent",
  valueText,
  hideLabel,
  className,
}: {
  label: string;
  value: number | null;
  max?: number;
  tone?: keyof typeof TONES;
  valueText?: string;
  hideLabel?: boolean;
  className?: string;
}) {
  const share = value === null ? "" : `${Math.round((100 * value) / Math.max(1, max))}%`;
  return (
    <Base.Root
      // The label is connected only in the browser; the server's HTML needs a name too.
      aria-label={label}
      value={value}
      max={max}
      getAriaValueText={() => valueText ?? share}
      className={cn("flex flex-col gap-1.5", className)}
    >
      <div className={hideLabel ? "sr-only" : "flex justify-between gap-2 text-muted text-xs"}>
        <Base.Label>{label}</Base.Label>
        <span>{valueText ?? share}</span>
      </div>
      <Base.Track className="h-1.5 overflow-hidden rounded-full bg-hover">
        <Base.Indicator
          className={cn(
            "h-full rounded-full transition-[width]",
            TONES[tone],
            value === null && "w-1/3 animate-indeterminate",
          )}
        />
      </Base.Track>
    </Base.Root>
  );
}
