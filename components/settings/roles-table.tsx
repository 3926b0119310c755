"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { scopeWords } from "./scope-draft";

// Loaded on first use, to keep them out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));
const RoleDialog = dynamic(() => import("./role-dialog").then((module) => module.RoleDialog));

type Role = RouterOutputs["access"]["roles"]["items"][number];

/** The own roles. The built-in roles cannot be changed. */
export function RolesTable() {
  const trpc = useTRPC();
  const roles = useQuery(trpc.access.roles.queryOptions());
  const [editing, setEditing] = useState<Role | "new" | null>(null);
  const [deleting, setDeleting] = useState<Role | null>(null);
  const remove = useMutation(
    trpc.access.deleteRole.mutationOptions({
      onSuccess: () => {
        setDeleting(null);
        void roles.refetch();
      },
    }),
  );
  const columns: Column<Role>[] = [
    {
      id: "name",
      header: "Role",
      rowHeader: true,
      cell: (role) => (
        <>
          <span className="block font-medium">{role.name}</span>
          <span className="text-muted text-xs">{role.description}</span>
        </>
      ),
    },
    {
      id: "scope",
      header: "Scope",
      cell: (role) => <Badge tone={role.scope ? "info" : "neutral"}>{scopeWords(role.scope)}</Badge>,
    },
    {
      id: "rights",
      header: "Rights",
      hideBelow: "md",
      cell: (role) => (
        <span className="flex flex-wrap gap-1">
          {role.rights.map((right) => (
            <Badge key={right}>{right}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (role) => (
        <span className="flex justify-end gap-2">
          <Button size="sm" aria-label={`Edit ${role.name}`} onClick={() => setEditing(role)}>
            Edit
          </Button>
          <Button size="sm" aria-label={`Delete ${role.name}`} onClick={() => setDeleting(role)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
  return (
    <section aria-label="Own roles" className="flex max-w-5xl flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-2xl text-muted text-sm">
          Besides viewer, operator, editor and admin, users can have roles of your own: with the rights that they need,
          and limited to some topics.
        </p>
        <Button variant="primary" icon={<ShieldPlus aria-hidden />} onClick={() => setEditing("new")}>
          New role
        </Button>
      </div>
      <DataTable
        caption="Own roles"
        columns={columns}
        rows={roles.data?.items}
        rowId={(role) => role.name}
        empty={
          <EmptyState icon={<ShieldPlus />} title="No own roles yet">
            Create one to limit a team to the topics that it works with.
          </EmptyState>
        }
        error={
          roles.error ? (
            <LoadError error={roles.error} onRetry={() => void roles.refetch()} retrying={roles.isFetching} />
          ) : null
        }
      />
      {editing ? (
        <RoleDialog
          role={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => void roles.refetch()}
        />
      ) : null}
      {deleting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && setDeleting(null)}
          title={`Delete the role ${deleting.name}?`}
          description="A role that a user has cannot be deleted."
          confirmLabel="Delete role"
          onConfirm={() => remove.mutate({ name: deleting.name })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </section>
  );
}
