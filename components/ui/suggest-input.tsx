"use client";

import { Autocomplete as Base } from "@base-ui/react/autocomplete";
import { type Ref, useState } from "react";
import { cn } from "./cn";
import { type ComboboxOption, matchesOption } from "./combobox-option";
import { controlClasses } from "./control";
import { popupClasses, popupItemClasses } from "./popup";

/** A text input that suggests known values and accepts any other value. Named by its `Field`. */
export function SuggestInput({
  value,
  onValueChange,
  onBlur,
  options,
  limit = 50,
  className,
  ref,
}: {
  value: string;
  onValueChange: (value: string) => void;
  onBlur?: () => void;
  options: readonly ComboboxOption[];
  limit?: number;
  className?: string;
  ref?: Ref<HTMLInputElement>;
}) {
  const [isOpen, setOpen] = useState(false);
  // An open list hides the rest of the page from screen readers, so an empty list must not be open.
  const hasMatches = options.some((option) => matchesOption(option, value));
  return (
    <Base.Root<ComboboxOption>
      open={isOpen && hasMatches}
      onOpenChange={setOpen}
      items={options}
      value={value}
      onValueChange={(text) => onValueChange(text)}
      itemToStringValue={(option) => option.value}
      filter={matchesOption}
      limit={limit}
      openOnInputClick
    >
      <Base.Input
        ref={ref}
        onBlur={onBlur}
        spellCheck={false}
        autoComplete="off"
        className={cn(controlClasses, className)}
      />
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={cn(popupClasses, "w-(--anchor-width) min-w-56 max-w-(--available-width)")}>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto overscroll-contain p-1">
              {(option: ComboboxOption) => (
                <Base.Item key={option.value} value={option} className={popupItemClasses}>
                  <span className="min-w-0 flex-1 truncate font-mono text-xs">{option.label}</span>
                  {option.hint ? <span className="shrink-0 text-muted text-xs">{option.hint}</span> : null}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
