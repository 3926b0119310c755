"use client";

import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { Badge } from "~/components/ui/badge";
import { RIGHTS, RIGHTS_OF_ROLE, ROLES, type Role } from "~/server/domain/rights";
import { RightBadges } from "./right-badges";
import { roleLabel } from "./role-options";
import { SectionHeader } from "./section-header";

const TITLE = "Built-in roles";

const PURPOSES: Record<Role, string> = {
  viewer: "Reads schedules, executions and the audit trail",
  operator: "Keeps the installation and existing schedules running",
  editor: "Creates and changes schedules",
  admin: "Has every right, including users, API keys and settings",
};

const COLUMNS: readonly Column<Role>[] = [
  {
    id: "name",
    header: "Name",
    rowHeader: true,
    className: "sm:w-72",
    cell: (role) => (
      <>
        <span className="block font-medium">{roleLabel(role)}</span>
        <span className="text-muted text-xs">{PURPOSES[role]}</span>
      </>
    ),
  },
  {
    id: "rights",
    header: "Rights",
    className: "sm:py-1.5",
    cell: (role) => {
      const rights = RIGHTS_OF_ROLE[role];
      return rights.length === RIGHTS.length ? (
        <Badge tone="accent">All rights</Badge>
      ) : (
        <RightBadges rights={rights} />
      );
    },
  },
];

/** The roles that every installation has, for comparison with the custom roles. */
export function BuiltInRoles() {
  return (
    <section aria-label={TITLE} className="flex max-w-5xl flex-col gap-3">
      <SectionHeader title={TITLE} help="Every installation has these roles. They cannot be changed or deleted." />
      <DataTable caption={TITLE} columns={COLUMNS} rows={ROLES} rowId={(role) => role} />
    </section>
  );
}
