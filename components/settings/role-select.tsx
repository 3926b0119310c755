"use client";

import { ChevronsUpDown } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { controlClasses } from "~/components/ui/control";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { SelectProps } from "~/components/ui/select";
import type { roleOptionsWith } from "./role-options";

const select = lazyComponent<SelectProps<string>>(() =>
  import("~/components/ui/select").then((module) => module.Select<string>),
);

/** The role of a user in a table. The select is loaded on hover or focus. */
export function RoleSelect({
  label,
  value,
  onValueChange,
  options,
}: {
  label: string;
  value: string;
  onValueChange: (role: string) => void;
  options: ReturnType<typeof roleOptionsWith>;
}) {
  const trigger = (
    <button
      type="button"
      aria-label={label}
      className={cn(controlClasses, "flex w-56 cursor-default items-center justify-between gap-2 text-left")}
    >
      <span className="truncate">{options.find((option) => option.value === value)?.label ?? value}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 text-subtle" />
    </button>
  );
  return (
    <OnDemand component={select} kind="combobox" trigger={trigger}>
      {(Select, button) => <Select trigger={button} value={value} onValueChange={onValueChange} options={options} />}
    </OnDemand>
  );
}
