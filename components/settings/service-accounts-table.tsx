"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import dynamic from "next/dynamic";
import type { Column } from "~/components/tables/column";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { DirectoryTable } from "./directory-table";

// Loaded on first use, to keep it out of the page's bundle.
const AccountDialog = dynamic(() => import("./service-account-dialog").then((module) => module.AccountDialog));

type Account = RouterOutputs["access"]["serviceAccounts"]["items"][number];

const COLUMNS: readonly Column<Account>[] = [
  { id: "keys", header: "Valid keys", cell: ({ keys }) => keys },
  {
    id: "state",
    header: "State",
    cell: ({ disabled }) => (disabled ? <Badge tone="outline">Disabled</Badge> : <Badge tone="success">Enabled</Badge>),
  },
];

/** Accounts without sign-in that own API keys. */
export function ServiceAccountsTable() {
  const trpc = useTRPC();
  const accounts = useQuery(trpc.access.serviceAccounts.queryOptions());
  const remove = useMutation(
    trpc.access.deleteServiceAccount.mutationOptions({ onSuccess: () => void accounts.refetch() }),
  );
  return (
    <DirectoryTable
      title="Service accounts"
      noun="service account"
      help="A service account owns API keys, so that they do not depend on the account of a person. Its keys are refused while it is disabled."
      emptyHelp="Create one for each program, so that its keys stay valid when a person leaves."
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
