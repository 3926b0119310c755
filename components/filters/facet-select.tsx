"use client";

import { ChevronDown } from "lucide-react";
import { buttonClasses } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { OnDemand } from "~/components/ui/on-demand";
import { part } from "~/components/ui/part";
import type { FacetListProps, FacetOption } from "./facet-list";

const list = part(() => import("./facet-list").then((module) => module.FacetList));

/**
 * A filter over known values. With `multiple={false}` at most one is in `value`. A facet that failed keeps the page
 * usable.
 */
export function FacetSelect({
  options,
  value,
  ...rest
}: Omit<FacetListProps, "items" | "selected" | "trigger"> & {
  options: readonly FacetOption[];
  value: readonly string[];
}) {
  const { label } = rest;
  // A value from the URL that no option has is still shown, so that it can be taken away.
  const unknown = value.filter((one) => !options.some((option) => option.value === one));
  const items: FacetOption[] = [...unknown.map((one) => ({ value: one, label: one })), ...options];
  const selected = items.filter((item) => value.includes(item.value));
  const summary = selected.length > 2 ? `${selected.length} chosen` : selected.map((item) => item.label).join(", ");
  return (
    <OnDemand
      part={list}
      kind="combobox"
      trigger={
        <button
          type="button"
          aria-label={summary ? `${label}: ${summary}` : label}
          className={cn(
            buttonClasses(),
            "max-w-64 border-dashed font-normal text-muted",
            selected.length > 0 && "border-solid text-ink",
          )}
        >
          <span className="truncate">
            {label}
            {summary ? <span className="font-medium">: {summary}</span> : null}
          </span>
          <ChevronDown aria-hidden className="size-3.5!" />
        </button>
      }
    >
      {(FacetList, trigger) => <FacetList {...rest} items={items} selected={selected} trigger={trigger} />}
    </OnDemand>
  );
}
