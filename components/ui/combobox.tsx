"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { cn } from "./cn";
import { type ComboboxOption, matchesOption } from "./combobox-option";
import { controlClasses } from "./control";
import { popupClasses, popupItemClasses } from "./popup";

export type { ComboboxOption };

/** Selects one of many options by typing. Named by its `Field` or by `aria-label`. */
export function Combobox({
  value,
  onValueChange,
  options,
  placeholder = "Search…",
  emptyText = "Nothing matches.",
  clearable = false,
  disabled,
  limit = 200,
  start,
  className,
  "aria-label": ariaLabel,
}: {
  value: string | null;
  onValueChange: (value: string | null) => void;
  options: readonly ComboboxOption[];
  placeholder?: string;
  emptyText?: string;
  clearable?: boolean;
  disabled?: boolean;
  limit?: number;
  /** Takes the focus at first, because the combobox replaces a focused input, in which `text` was typed. */
  start?: { open: boolean; text?: string };
  className?: string;
  "aria-label"?: string;
}) {
  const selected = options.find((option) => option.value === value) ?? (value ? { value, label: value } : null);
  const input = useRef<HTMLInputElement>(null);
  const startText = useRef(start && (start.text ?? null));
  useEffect(() => {
    if (startText.current === undefined) return;
    input.current?.focus();
    // As in the replaced input, the next typed text replaces the chosen option.
    if (startText.current === null) input.current?.select();
  }, []);
  return (
    <Base.Root<ComboboxOption>
      defaultOpen={start?.open}
      defaultInputValue={start?.text}
      items={options}
      value={selected}
      onValueChange={(option) => (option || clearable) && onValueChange(option?.value ?? null)}
      isItemEqualToValue={(a, b) => a.value === b.value}
      filter={matchesOption}
      limit={limit}
      disabled={disabled}
      autoHighlight
    >
      <Base.InputGroup className={cn("relative", className)}>
        <Base.Input
          ref={input}
          aria-label={ariaLabel}
          placeholder={placeholder}
          className={cn("peer", controlClasses, "pr-14")}
        />
        <div className="absolute inset-y-0 right-1.5 flex items-center text-subtle peer-disabled:opacity-60">
          {clearable ? (
            <Base.Clear aria-label="Clear" className="flex size-6 items-center justify-center rounded hover:text-ink">
              <X aria-hidden className="size-3.5" />
            </Base.Clear>
          ) : null}
          <Base.Trigger
            aria-label="Show options"
            className="flex size-6 items-center justify-center rounded hover:text-ink"
          >
            <ChevronsUpDown aria-hidden className="size-3.5" />
          </Base.Trigger>
        </div>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup className={cn(popupClasses, "w-(--anchor-width) min-w-56 max-w-(--available-width)")}>
            <Base.Empty className="px-3 py-4 text-muted text-sm empty:hidden">{emptyText}</Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:p-0">
              {(option: ComboboxOption) => (
                <Base.Item key={option.value} value={option} className={cn(popupItemClasses, "pr-8")}>
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.hint ? <span className="shrink-0 text-muted text-xs">{option.hint}</span> : null}
                  <Base.ItemIndicator className="absolute right-2">
                    <Check aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
