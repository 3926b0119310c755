"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { NoValue } from "~/components/ui/no-value";
import { Instant, Relative } from "~/components/ui/time";
import { RIGHTS_OF_ROLE, type Right, ROLES } from "~/server/domain/rights";
import { roleLabel } from "./role-options";
import { scopeWords } from "./scope-draft";
import { SectionHeader } from "./section-header";

// Loaded on first use, to keep them out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));
const NewApiKey = dynamic(() => import("./new-api-key").then((module) => module.NewApiKey));
const RotateApiKey = dynamic(() => import("./rotate-api-key").then((module) => module.RotateApiKey));

type ApiKey = RouterOutputs["access"]["apiKeys"]["items"][number];

/** The name of the role with exactly these rights; null if there is none. */
function roleOf(rights: readonly Right[]): string | null {
  const found = ROLES.find(
    (role) =>
      RIGHTS_OF_ROLE[role].length === rights.length && RIGHTS_OF_ROLE[role].every((one) => rights.includes(one)),
  );
  return found === undefined ? null : roleLabel(found);
}

const isOver = ({ expiresAt }: ApiKey) => expiresAt !== null && Date.parse(expiresAt) <= Date.now();

function Expiry({ apiKey }: { apiKey: ApiKey }) {
  const { expiresAt } = apiKey;
  if (expiresAt === null) return "Never";
  const over = isOver(apiKey);
  const word = over && apiKey.fromEnvironment ? "Revoked" : apiKey.replacedBy ? "Replaced" : over ? "Expired" : null;
  return (
    <>
      <Instant value={expiresAt} />
      {word ? <span className="block text-muted text-xs">{word}</span> : null}
    </>
  );
}

/** API keys. The secret is only shown after the create or the rotation. */
export function ApiKeysTable() {
  const trpc = useTRPC();
  const keys = useQuery(trpc.access.apiKeys.queryOptions());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const revoke = useMutation(trpc.access.revokeApiKey.mutationOptions({ onSuccess: () => void keys.refetch() }));
  const close = () => {
    setRevoking(null);
    revoke.reset();
  };
  const columns: Column<ApiKey>[] = [
    {
      id: "name",
      header: "Name",
      rowHeader: true,
      cell: (key) => (
        <>
          <span className="block font-medium">{key.name}</span>
          {key.fromEnvironment ? (
            <span className="text-muted text-xs">From the environment</span>
          ) : (
            <code className="font-mono text-muted text-xs">{key.start}…</code>
          )}
        </>
      ),
    },
    {
      id: "rights",
      header: "Rights",
      cell: (key) => (
        <span className="flex flex-wrap gap-1">
          {[roleOf(key.rights) ?? key.rights].flat().map((name) => (
            <Badge key={name}>{name}</Badge>
          ))}
          {key.scope ? <Badge tone="info">Scope: {scopeWords(key.scope)}</Badge> : null}
        </span>
      ),
    },
    {
      id: "used",
      header: "Last used",
      cell: (key) => (key.lastUsedAt === null ? "Never" : <Relative value={key.lastUsedAt} />),
    },
    {
      id: "expires",
      header: "Expires",
      hideBelow: "md",
      cell: (key) => <Expiry apiKey={key} />,
    },
    {
      id: "addresses",
      header: "Addresses",
      hideBelow: "lg",
      cell: (key) =>
        key.allowedAddresses.length === 0 ? (
          "Any"
        ) : (
          <span className="font-mono text-xs">{key.allowedAddresses.join(", ")}</span>
        ),
    },
    {
      id: "created",
      header: "Created",
      hideBelow: "lg",
      cell: (key) =>
        key.fromEnvironment ? (
          <NoValue />
        ) : (
          <>
            <Relative value={key.createdAt} />
            <span className="block text-muted text-xs">
              {key.owner?.startsWith("service:") ? `for ${key.owner.slice("service:".length)}` : key.createdBy}
            </span>
          </>
        ),
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (key) => (
        <span className="flex justify-end gap-2">
          {key.fromEnvironment || key.replacedBy || isOver(key) ? null : (
            <Button size="sm" aria-label={`Rotate ${key.name}`} onClick={() => setRotating(key)}>
              Rotate
            </Button>
          )}
          {key.fromEnvironment && isOver(key) ? null : (
            <Button size="sm" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
              Revoke
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <div className="flex max-w-5xl flex-col gap-3">
      <SectionHeader
        title="API keys"
        help={
          <>
            Programs send a key as <code className="font-mono text-xs">Authorization: Bearer …</code>
          </>
        }
        action={
          <Button variant="primary" icon={<KeyRound aria-hidden />} onClick={() => setCreating(true)}>
            New API key
          </Button>
        }
      />
      <DataTable
        caption="API keys"
        columns={columns}
        rows={keys.data?.items}
        rowId={(key) => key.keyId}
        empty={
          <EmptyState icon={<KeyRound />} title="No API keys yet">
            Programs need an API key to use the REST API.
          </EmptyState>
        }
        error={
          keys.error ? (
            <LoadError error={keys.error} onRetry={() => void keys.refetch()} retrying={keys.isFetching} />
          ) : null
        }
      />
      {creating ? <NewApiKey onClose={() => setCreating(false)} onCreated={() => void keys.refetch()} /> : null}
      {rotating ? (
        <RotateApiKey apiKey={rotating} onClose={() => setRotating(null)} onRotated={() => void keys.refetch()} />
      ) : null}
      {revoking ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && close()}
          title={`Revoke ${revoking.name}?`}
          description={
            revoking.fromEnvironment
              ? "Programs that use this value are refused immediately. A new value of the variable is a new key."
              : "Programs that use this key are refused immediately. This cannot be undone."
          }
          confirmLabel="Revoke key"
          onConfirm={() => revoke.mutate({ keyId: revoking.keyId }, { onSuccess: close })}
          loading={revoke.isPending}
          error={revoke.error ? <ActionError error={revoke.error} /> : undefined}
        />
      ) : null}
    </div>
  );
}
