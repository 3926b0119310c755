"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Boxes } from "lucide-react";
import dynamic from "next/dynamic";
import type { Column } from "~/components/tables/column";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { DirectoryTable } from "./directory-table";

// Loaded on first use, to keep it out of the page's bundle.
const NamespaceDialog = dynamic(() => import("./namespace-dialog").then((module) => module.NamespaceDialog));

type Namespace = RouterOutputs["access"]["namespaces"]["items"][number];

const COLUMNS: readonly Column<Namespace>[] = [
  {
    id: "prefixes",
    header: "Topics",
    cell: ({ topicPrefixes }) => (
      <span className="font-mono text-xs">{topicPrefixes.map((prefix) => `${prefix}*`).join(", ")}</span>
    ),
  },
];

/** Named groups of topic prefixes, for the scopes of roles and API keys. */
export function NamespacesTable() {
  const trpc = useTRPC();
  const namespaces = useQuery(trpc.access.namespaces.queryOptions());
  const remove = useMutation(
    trpc.access.deleteNamespace.mutationOptions({ onSuccess: () => void namespaces.refetch() }),
  );
  return (
    <DirectoryTable
      title="Namespaces"
      noun="namespace"
      help="A namespace is a named list of topic prefixes. Scopes of roles and API keys refer to it."
      emptyHelp="Create one for each team, so that scopes need not repeat its topic prefixes."
      icon={<Boxes aria-hidden />}
      query={namespaces}
      columns={COLUMNS}
      remove={remove}
      dialog={(row, onClose) => (
        <NamespaceDialog namespace={row} onClose={onClose} onSaved={() => void namespaces.refetch()} />
      )}
    />
  );
}
