"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import { useState } from "react";
import type { Column } from "~/components/tables/column";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Switch } from "~/components/ui/switch";
import { CreateDialog } from "./create-dialog";
import { DirectoryTable } from "./directory-table";

type Account = RouterOutputs["access"]["serviceAccounts"]["items"][number];

const COLUMNS: readonly Column<Account>[] = [
  { id: "keys", header: "Valid keys", cell: ({ keys }) => keys },
  {
    id: "state",
    header: "State",
    cell: ({ disabled }) => (disabled ? <Badge tone="outline">disabled</Badge> : <Badge tone="success">enabled</Badge>),
  },
];

/** Accounts without sign-in that own API keys. */
export function ServiceAccountsTable() {
  const trpc = useTRPC();
  const accounts = useQuery(trpc.access.serviceAccounts.queryOptions());
  const remove = useMutation(trpc.access.deleteServiceAccount.mutationOptions());
  return (
    <DirectoryTable
      title="Service accounts"
      noun="service account"
      help="A service account owns API keys, so that they do not depend on the account of a person. Its keys are refused while it is disabled."
      icon={<Bot aria-hidden />}
      query={accounts}
      columns={COLUMNS}
      remove={remove}
      dialog={(row, onClose) => (
        <AccountDialog account={row} onClose={onClose} onSaved={() => void accounts.refetch()} />
      )}
    />
  );
}

function AccountDialog({
  account,
  onClose,
  onSaved,
}: {
  account: Account | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const [isEnabled, setEnabled] = useState(!account?.disabled);
  const save = useMutation(
    trpc.access.saveServiceAccount.mutationOptions({
      onSuccess: () => {
        onSaved();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(save.error);
  return (
    <CreateDialog
      title={account === null ? "New service account" : `Edit ${account.name}`}
      submitLabel={account === null ? "Create service account" : "Save service account"}
      mutation={save}
      onSubmit={(text) =>
        save.mutate({
          name: account?.name ?? text("name"),
          description: text("description"),
          disabled: !isEnabled,
          isNew: account === null,
        })
      }
      onClose={onClose}
    >
      {account === null ? (
        <Field label="Name" required description="Lower-case letters, digits, - and _." error={errors.get("name")}>
          <Input name="name" placeholder="billing-worker" autoComplete="off" />
        </Field>
      ) : null}
      <Field label="Description" error={errors.get("description")}>
        <Input name="description" defaultValue={account?.description} autoComplete="off" />
      </Field>
      {account === null ? null : (
        <Field layout="control" label="Enabled" description="While it is off, all keys of the account are refused.">
          <Switch checked={isEnabled} onCheckedChange={setEnabled} />
        </Field>
      )}
    </CreateDialog>
  );
}
