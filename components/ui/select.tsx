"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";
import { controlClasses } from "./control";
import { popupClasses, popupItemClasses } from "./popup";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  description?: string;
  icon?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  value: Value | null;
  onValueChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  placeholder?: string;
  disabled?: boolean;
  name?: string;
  className?: string;
  "aria-label"?: string;
  /** Opens the list instead of the select's own button. */
  trigger?: ReactElement;
}

/** Selects one of up to about 12 options; for more use `Combobox`. Named by its `Field` or by `aria-label`. */
export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  placeholder = "Choose…",
  disabled,
  name,
  className,
  "aria-label": ariaLabel,
  trigger,
}: SelectProps<Value>) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      disabled={disabled}
      name={name}
      modal={false}
    >
      {trigger ? (
        <Base.Trigger render={trigger} />
      ) : (
        <Base.Trigger
          aria-label={ariaLabel}
          className={cn(controlClasses, "flex cursor-default items-center justify-between gap-2 text-left", className)}
        >
          <Base.Value className="truncate data-placeholder:text-subtle" placeholder={placeholder} />
          <Base.Icon>
            <ChevronsUpDown aria-hidden className="size-3.5 text-subtle" />
          </Base.Icon>
        </Base.Trigger>
      )}
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={cn(popupClasses, "min-w-(--anchor-width) max-w-(--available-width)")}>
            <Base.List className="max-h-[min(22rem,var(--available-height))] overflow-y-auto p-1">
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.disabled}
                  className={cn(popupItemClasses, "pr-8")}
                >
                  {option.icon}
                  <span className="flex min-w-0 flex-col">
                    <Base.ItemText>{option.label}</Base.ItemText>
                    {option.description ? <span className="text-muted text-xs">{option.description}</span> : null}
                  </span>
                  <Base.ItemIndicator className="absolute right-2">
                    <Check aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
