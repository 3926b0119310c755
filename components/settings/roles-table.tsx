"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldPlus } from "lucide-react";
import dynamic from "next/dynamic";
import type { Column } from "~/components/tables/column";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { DirectoryTable } from "./directory-table";
import { RightBadges } from "./right-badges";
import { scopeWords } from "./scope-draft";

// Loaded on first use, to keep it out of the page's bundle.
const RoleDialog = dynamic(() => import("./role-dialog").then((module) => module.RoleDialog));

type Role = RouterOutputs["access"]["roles"]["items"][number];

const COLUMNS: readonly Column<Role>[] = [
  {
    id: "scope",
    header: "Scope",
    cell: ({ scope }) => <Badge tone={scope ? "info" : "neutral"}>{scopeWords(scope)}</Badge>,
  },
  {
    id: "rights",
    header: "Rights",
    hideBelow: "md",
    cell: ({ rights }) => <RightBadges rights={rights} />,
  },
];

/** The custom roles. The built-in roles cannot be changed. */
export function RolesTable() {
  const trpc = useTRPC();
  const roles = useQuery(trpc.access.roles.queryOptions());
  const remove = useMutation(trpc.access.deleteRole.mutationOptions({ onSuccess: () => void roles.refetch() }));
  return (
    <DirectoryTable
      title="Custom roles"
      noun="role"
      help="A custom role has selected rights, and can be limited to selected topics."
      emptyHelp="Create one if no built-in role fits, for example for a team that sees only its own topics."
      isMain
      icon={<ShieldPlus aria-hidden />}
      query={roles}
      columns={COLUMNS}
      remove={remove}
      dialog={(row, onClose) => <RoleDialog role={row} onClose={onClose} onSaved={() => void roles.refetch()} />}
    />
  );
}
