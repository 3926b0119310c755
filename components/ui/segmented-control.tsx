"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn";

/**
 * Two to five options side by side. A radio group for screen readers and arrow keys. Native inputs, because those of
 * Base UI are 14 kB of the first load of each page with such a control.
 */
export function SegmentedControl<Value extends string>({
  value,
  onValueChange,
  options,
  label,
  className,
}: {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string; icon?: ReactNode; hideLabel?: boolean }[];
  label: string;
  className?: string;
}) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn("inline-flex h-8 items-center gap-0.5 rounded-md border border-line bg-sunken p-0.5", className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative flex h-full min-w-7 select-none items-center justify-center gap-1.5 rounded-[5px] px-2 font-medium text-muted text-xs hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line-strong)] [&_svg]:size-3.5"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onValueChange(option.value)}
            onKeyDown={(event) => {
              // Enter in a radio button would submit the form around it.
              if (event.key === "Enter") event.preventDefault();
            }}
            aria-label={option.label}
            className="absolute inset-0 size-full cursor-pointer appearance-none rounded-[5px]"
          />
          {option.icon}
          {option.hideLabel ? null : option.label}
        </label>
      ))}
    </div>
  );
}
