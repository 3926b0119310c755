"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck, UserPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Relative } from "~/components/ui/time";
import { RoleSelect } from "./role-select";

// Loaded on first use, to keep them out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));
const NewUser = dynamic(() => import("./new-user").then((module) => module.NewUser));

type User = RouterOutputs["access"]["users"]["items"][number];

/** Users and their roles. The server refuses to demote or delete the last admin. */
export function UsersTable({ ownId }: { ownId: string }) {
  const trpc = useTRPC();
  const users = useQuery(trpc.access.users.queryOptions());
  const refetchOnSuccess = { onSuccess: () => void users.refetch() };
  const update = useMutation(trpc.access.updateUser.mutationOptions(refetchOnSuccess));
  const remove = useMutation(trpc.access.deleteUser.mutationOptions(refetchOnSuccess));
  const [creating, setCreating] = useState(false);
  const reset = useMutation(trpc.access.resetSecondFactor.mutationOptions(refetchOnSuccess));
  const [resetting, setResetting] = useState<User | null>(null);
  const [deleting, setDeleting] = useState<User | null>(null);

  const columns: Column<User>[] = [
    {
      id: "name",
      header: "Name",
      rowHeader: true,
      cell: (user) => (
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {user.name} {user.userId === ownId ? <Badge>you</Badge> : null}
          {user.disabled ? <Badge tone="outline">disabled</Badge> : null}
          {user.secondFactor ? (
            <Badge tone="success" icon={<ShieldCheck aria-hidden />}>
              second factor
            </Badge>
          ) : null}
        </span>
      ),
    },
    { id: "email", header: "E-mail", cell: (user) => user.email },
    {
      id: "role",
      header: "Role",
      cell: (user) => (
        <RoleSelect
          label={`Role of ${user.name}`}
          value={user.role}
          onValueChange={(role) => update.mutate({ userId: user.userId, role })}
        />
      ),
    },
    { id: "created", header: "Created", hideBelow: "lg", cell: (user) => <Relative value={user.createdAt} /> },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (user) =>
        user.userId === ownId ? null : (
          <span className="flex flex-wrap justify-end gap-1">
            <Button size="sm" onClick={() => update.mutate({ userId: user.userId, disabled: !user.disabled })}>
              {user.disabled ? "Enable" : "Disable"}
            </Button>
            {user.secondFactor ? (
              <Button size="sm" onClick={() => setResetting(user)}>
                Reset second factor
              </Button>
            ) : null}
            <Button size="sm" onClick={() => setDeleting(user)}>
              Delete
            </Button>
          </span>
        ),
    },
  ];
  return (
    <div className="flex max-w-5xl flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <p className="text-muted text-sm">Only admins can create and change accounts here.</p>
        <Button variant="primary" icon={<UserPlus aria-hidden />} onClick={() => setCreating(true)}>
          New user
        </Button>
      </div>
      {update.error ? <ActionError error={update.error} /> : null}
      <DataTable
        caption="Users"
        columns={columns}
        rows={users.data?.items}
        rowId={(user) => user.userId}
        error={
          users.error ? (
            <LoadError error={users.error} onRetry={() => void users.refetch()} retrying={users.isFetching} />
          ) : null
        }
      />
      {creating ? <NewUser onClose={() => setCreating(false)} onDone={() => void users.refetch()} /> : null}
      {resetting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && setResetting(null)}
          title={`Reset the second factor of ${resetting.name}?`}
          description="Their password alone signs them in until they set up a new one, and they are signed out everywhere. Make sure that it is they who ask."
          confirmLabel="Reset second factor"
          onConfirm={() => reset.mutate({ userId: resetting.userId }, { onSuccess: () => setResetting(null) })}
          loading={reset.isPending}
          error={reset.error ? <ActionError error={reset.error} /> : undefined}
        />
      ) : null}
      {deleting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && setDeleting(null)}
          title={`Delete ${deleting.name}?`}
          description="The account is deleted and signed out everywhere. Its actions stay in the audit trail under its name."
          confirmLabel="Delete user"
          onConfirm={() => remove.mutate({ userId: deleting.userId }, { onSuccess: () => setDeleting(null) })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </div>
  );
}
