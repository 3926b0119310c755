"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldPlus } from "lucide-react";
import dynamic from "next/dynamic";
import type { Column } from "~/components/tables/column";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { DirectoryTable } from "./directory-table";
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
    cell: ({ rights }) => (
      <span className="flex flex-wrap gap-1">
        {rights.map((right) => (
          <Badge key={right}>{right}</Badge>
        ))}
      </span>
    ),
  },
];

/** The own roles. The built-in roles cannot be changed. */
export function RolesTable() {
  const trpc = useTRPC();
  const roles = useQuery(trpc.access.roles.queryOptions());
  const remove = useMutation(trpc.access.deleteRole.mutationOptions({ onSuccess: () => void roles.refetch() }));
  return (
    <DirectoryTable
      title="Own roles"
      noun="role"
      help="Besides viewer, operator, editor and admin, users can have roles of your own: with the rights that they need, and limited to some topics."
      icon={<ShieldPlus aria-hidden />}
      query={roles}
      columns={COLUMNS}
      remove={remove}
      dialog={(row, onClose) => <RoleDialog role={row} onClose={onClose} onSaved={() => void roles.refetch()} />}
    />
  );
}
