"use client";

import { ChevronDown } from "lucide-react";
import { buttonClasses } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { OnDemand } from "~/components/ui/on-demand";
import { part } from "~/components/ui/part";
import type { FacetListProps, FacetOption } from "./facet-list";

const list = part(() => import("./facet-list").then((module) => module.FacetList));

/** A filter over known values; `multiple={false}` for one. The page still works if its values fail to load. */
export function FacetSelect<Value extends string>({
  options,
  value,
  onChange,
  ...rest
}: Omit<FacetListProps, "items" | "selected" | "trigger" | "onChange"> & {
  options: readonly (FacetOption & { value: Value })[];
  value: readonly Value[];
  onChange: (value: Value[]) => void;
}) {
  const { label } = rest;
  const chosen: readonly string[] = value;
  // A value from the URL that is no option is still shown, so that the user can remove it.
  const unknown = chosen.filter((one) => !options.some((option) => option.value === one));
  const items: FacetOption[] = [...unknown.map((one) => ({ value: one, label: one })), ...options];
  const selected = items.filter((item) => chosen.includes(item.value));
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
      {(FacetList, trigger) => (
        <FacetList
          {...rest}
          items={items}
          selected={selected}
          onChange={(next) => onChange(next as Value[])}
          trigger={trigger}
        />
      )}
    </OnDemand>
  );
}
