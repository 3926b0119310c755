"use client";

import { Radio } from "@base-ui/react/radio";
import { RadioGroup as Base } from "@base-ui/react/radio-group";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";

export interface RadioOption<Value extends string> {
  value: Value;
  label: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
}

function RadioRow<Value extends string>({ option, card }: { option: RadioOption<Value>; card: boolean }) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className={cn(
        "flex items-start gap-2.5 text-sm",
        card &&
          "rounded-lg border border-line-strong bg-surface p-3 has-data-checked:border-accent has-data-checked:bg-accent-soft",
        option.disabled && "opacity-50",
      )}
    >
      <Radio.Root
        id={id}
        value={option.value}
        disabled={option.disabled}
        aria-describedby={option.description ? `${id}-text` : undefined}
        className="relative mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-control bg-surface before:absolute before:-inset-1 data-checked:border-accent data-checked:bg-accent"
      >
        <Radio.Indicator className="size-1.5 rounded-full bg-on-accent data-unchecked:hidden" />
      </Radio.Root>
      <span className="flex min-w-0 flex-col">
        <span className="font-medium text-ink">{option.label}</span>
        {option.description ? (
          <span id={`${id}-text`} className="text-muted text-xs">
            {option.description}
          </span>
        ) : null}
      </span>
    </label>
  );
}

/** Radio buttons. Named by the legend of a `Fieldset`, by `aria-label` or by `aria-labelledby`. */
export function RadioGroup<Value extends string>({
  value,
  onValueChange,
  options,
  variant = "plain",
  className,
  "aria-label": ariaLabel,
  "aria-labelledby": ariaLabelledby,
}: {
  value: Value | null;
  onValueChange: (value: Value) => void;
  options: readonly RadioOption<Value>[];
  variant?: "plain" | "card";
  className?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
}) {
  return (
    <Base
      value={value}
      onValueChange={(next) => onValueChange(next as Value)}
      aria-label={ariaLabel}
      aria-labelledby={ariaLabelledby}
      className={cn("flex flex-col gap-2", className)}
    >
      {options.map((option) => (
        <RadioRow key={option.value} option={option} card={variant === "card"} />
      ))}
    </Base>
  );
}
