"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";

export interface ActiveFilter {
  id: string;
  label: string;
  value: ReactNode;
  onRemove: () => void;
}

/** The active filters that no control of the filter bar shows, each with a remove button; nothing if there are none. */
export function ActiveFilters({ filters, onClearAll }: { filters: readonly ActiveFilter[]; onClearAll: () => void }) {
  if (filters.length === 0) return null;
  return (
    <ul aria-label="Active filters" className="flex flex-wrap items-center gap-1.5">
      {filters.map((filter) => (
        <li
          key={filter.id}
          className="inline-flex h-6 max-w-full items-center gap-1 rounded-md bg-accent-soft pl-2 text-accent-ink text-xs"
        >
          <span className="truncate">
            {filter.label}: <span className="font-medium">{filter.value}</span>
          </span>
          <button
            type="button"
            aria-label={`Remove filter ${filter.label}`}
            onClick={filter.onRemove}
            className="flex size-6 items-center justify-center rounded-md hover:bg-accent/15"
          >
            <X aria-hidden className="size-3" />
          </button>
        </li>
      ))}
      <li>
        <Button variant="ghost" size="sm" onClick={onClearAll}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}

/** A button of the filter bar that removes all filters. `ActiveFilters` has a button of its own. */
export function ClearFilters({ onClearAll }: { onClearAll: () => void }) {
  return (
    <Button variant="ghost" onClick={onClearAll}>
      Clear all
    </Button>
  );
}
