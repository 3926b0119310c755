"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** Two to five options side by side. A radio group for screen readers and arrow keys. */
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
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => onValueChange(next as Value)}
      className={cn("inline-flex h-8 items-center gap-0.5 rounded-md border border-line bg-sunken p-0.5", className)}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          aria-label={option.label}
          className="flex h-full min-w-7 cursor-pointer select-none items-center justify-center gap-1.5 rounded-[5px] px-2 font-medium text-muted text-xs hover:text-ink data-checked:bg-raised data-checked:text-ink data-checked:shadow-[0_0_0_1px_var(--line-strong)] [&_svg]:size-3.5"
        >
          {option.icon}
          {option.hideLabel ? null : option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
