"use client";

import { ChevronsUpDown } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { controlClasses } from "~/components/ui/control";
import { lazyComponent } from "~/components/ui/lazy-component";
import { OnDemand } from "~/components/ui/on-demand";
import type { SelectProps } from "~/components/ui/select";
import type { Role } from "~/server/domain/rights";
import { ROLE_OPTIONS } from "./role-options";

const select = lazyComponent<SelectProps<Role>>(() =>
  import("~/components/ui/select").then((module) => module.Select<Role>),
);

/** The role of a user in a table. The list of roles is loaded on hover or focus. */
export function RoleSelect({
  label,
  value,
  onValueChange,
}: {
  label: string;
  value: Role;
  onValueChange: (role: Role) => void;
}) {
  const trigger = (
    <button
      type="button"
      aria-label={label}
      className={cn(controlClasses, "flex w-56 cursor-default items-center justify-between gap-2 text-left")}
    >
      <span className="truncate">{ROLE_OPTIONS.find((option) => option.value === value)?.label}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 text-subtle" />
    </button>
  );
  return (
    <OnDemand component={select} kind="combobox" trigger={trigger}>
      {(Select, button) => (
        <Select trigger={button} value={value} onValueChange={onValueChange} options={ROLE_OPTIONS} />
      )}
    </OnDemand>
  );
}
