"use client";

import { NumberField as Base } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const STEP =
  "flex w-8 items-center justify-center text-muted hover:bg-hover hover:text-ink data-disabled:opacity-40 [&_svg]:size-3.5";

/** Shows every typed digit; the default of three digits would round the number. */
const FORMAT = { maximumFractionDigits: 20 } as const;

/**
 * A number with steppers; `null` is empty. `unit` is shown after the number ("s", "days"). `min` and `max` only limit
 * the steppers, so the caller must refuse a typed number that is out of range.
 */
export function NumberField({
  value,
  onValueChange,
  min,
  max,
  step = 1,
  unit,
  disabled,
  name,
  className,
  "aria-label": ariaLabel,
}: {
  value: number | null;
  onValueChange: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number;
  unit?: ReactNode;
  disabled?: boolean;
  name?: string;
  className?: string;
  "aria-label"?: string;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={onValueChange}
      min={min}
      max={max}
      step={step}
      smallStep={step}
      allowOutOfRange
      format={FORMAT}
      disabled={disabled}
      name={name}
      locale="en"
      className={className}
    >
      <Base.Group
        aria-disabled={disabled || undefined}
        className="flex h-8 w-full overflow-clip rounded-md border border-line-control bg-surface focus-within:outline-2 focus-within:outline-ring data-invalid:border-danger data-disabled:opacity-60"
      >
        <Base.Input
          aria-label={ariaLabel}
          // Home and End move the caret, as in any text; the library would set the minimum or the maximum.
          onKeyDown={(event) => (event.key === "Home" || event.key === "End") && event.preventBaseUIHandler()}
          // The library would restore the last number in place of a text such as "-".
          onBlur={(event) => value !== null && !/\d/.test(event.currentTarget.value) && onValueChange(null)}
          className="w-full min-w-0 bg-transparent px-2.5 text-ink text-sm outline-none placeholder:text-subtle pointer-coarse:text-[1rem]"
        />
        {unit ? <span className="flex items-center pr-2 text-subtle text-xs">{unit}</span> : null}
        <Base.Decrement aria-label="Decrease" className={cn(STEP, "border-l border-line")}>
          <Minus aria-hidden />
        </Base.Decrement>
        <Base.Increment aria-label="Increase" className={cn(STEP, "border-l border-line")}>
          <Plus aria-hidden />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  );
}
