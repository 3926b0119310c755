"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, Search } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { cn } from "~/components/ui/cn";
import { formatCompact } from "~/components/ui/format";
import { popupClasses, popupItemClasses } from "~/components/ui/popup";

/**
 * A list of at most this many values shows no search box. The box is hidden only visually, because it receives the keys
 * that move through the list.
 */
const MAX_WITHOUT_SEARCH = 8;

export interface FacetOption {
  value: string;
  label: string;
  /** How many rows have the value, if known. */
  count?: number;
  icon?: ReactNode;
}

export interface FacetListProps {
  label: string;
  items: readonly FacetOption[];
  selected: FacetOption[];
  onChange: (value: string[]) => void;
  multiple?: boolean;
  loading?: boolean;
  failed?: boolean;
  trigger: ReactElement;
}

/** A popup with the values of a facet, opened by `trigger`. */
export function FacetList({
  label,
  items,
  selected,
  onChange,
  multiple = true,
  loading,
  failed,
  trigger,
}: FacetListProps) {
  return (
    <Base.Root<FacetOption, true>
      multiple
      items={items}
      value={selected}
      // Without `multiple`, a new choice replaces the earlier choice.
      onValueChange={(next) => onChange((multiple ? next : next.slice(-1)).map((item) => item.value))}
      isItemEqualToValue={(a, b) => a.value === b.value}
      modal={false}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} className="z-50 outline-none">
          <Base.Popup aria-label={label} className={cn(popupClasses, "w-64 max-w-(--available-width)")}>
            <div className={cn("relative border-b", items.length <= MAX_WITHOUT_SEARCH && "sr-only")}>
              <Search aria-hidden className="absolute top-2.5 left-3 size-3.5 text-subtle" />
              <Base.Input
                aria-label={`Search ${label.toLowerCase()}`}
                placeholder="Search"
                className="h-9 w-full rounded-t-lg bg-transparent pr-3 pl-8.5 text-sm outline-none placeholder:text-subtle pointer-coarse:text-[1rem]"
              />
            </div>
            <Base.Empty className="px-3 py-4 text-muted text-sm empty:hidden">
              {failed ? "The values could not be loaded." : loading ? "Loading…" : "Nothing matches."}
            </Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:p-0">
              {(item: FacetOption) => (
                <Base.Item key={item.value} value={item} className={popupItemClasses}>
                  <span
                    className={cn(
                      "flex size-4 shrink-0 items-center justify-center border border-line-control",
                      multiple ? "rounded-sm" : "rounded-full",
                      selected.includes(item) && "border-accent bg-accent text-on-accent",
                    )}
                  >
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-3!" strokeWidth={3} />
                    </Base.ItemIndicator>
                  </span>
                  {item.icon}
                  <span className="min-w-0 flex-1 truncate">{item.label}</span>
                  {item.count === undefined ? null : (
                    <span className="text-muted text-xs">{formatCompact(item.count)}</span>
                  )}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
