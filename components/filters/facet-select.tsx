"use client";

import { ChevronDown } from "lucide-react";
import { buttonClasses } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { FacetListProps, FacetOption } from "./facet-list";

const list = lazyComponent(() => import("./facet-list").then((module) => module.FacetList));

/** A filter with a list of values. With `multiple={false}`, at most one value can be chosen. */
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
  // A value from the URL that is not an option is still shown, so that the user can remove it.
  const unknown = chosen.filter((one) => !options.some((option) => option.value === one));
  const items: FacetOption[] = [...unknown.map((one) => ({ value: one, label: one })), ...options];
  const selected = items.filter((item) => chosen.includes(item.value));
  const summary = selected.length > 2 ? `${selected.length} selected` : selected.map((item) => item.label).join(", ");
  return (
    <OnDemand
      component={list}
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
