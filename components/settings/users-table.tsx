"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck, UserPlus } from "lucide-react";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { Relative } from "~/components/ui/time";
import { CreateDialog } from "./create-dialog";
import { ROLE_OPTIONS } from "./role-options";

type User = RouterOutputs["access"]["users"]["items"][number];
type Role = User["role"];

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
        <Select
          aria-label={`Role of ${user.name}`}
          value={user.role}
          onValueChange={(role) => update.mutate({ userId: user.userId, role })}
          options={ROLE_OPTIONS}
          className="w-56"
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

function NewUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const trpc = useTRPC();
  const key = useIdempotencyKey();
  const [role, setRole] = useState<Role>("viewer");
  const create = useMutation(
    trpc.access.createUser.mutationOptions({
      onSuccess: () => {
        onDone();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(create.error);
  return (
    <CreateDialog
      title="New user"
      submitLabel="Create user"
      mutation={create}
      onSubmit={(text) => {
        const request = { name: text("name"), email: text("email"), password: text("password"), role };
        create.mutate({ ...request, idempotencyKey: requestKey(key, request) });
      }}
      onClose={onClose}
    >
      <Field label="Name" required error={errors.get("name")}>
        <Input name="name" autoComplete="off" />
      </Field>
      <Field label="E-mail" required error={errors.get("email")}>
        <Input name="email" type="email" autoComplete="off" />
      </Field>
      <Field label="Role">
        <Select value={role} onValueChange={setRole} options={ROLE_OPTIONS} />
      </Field>
      <Field
        label="Initial password"
        required
        description="At least 8 characters. The user can change it under Account."
        error={errors.get("password")}
      >
        <Input name="password" type="password" autoComplete="new-password" />
      </Field>
    </CreateDialog>
  );
}
