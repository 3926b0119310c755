"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Checkbox } from "~/components/ui/checkbox";
import { CodeBlock } from "~/components/ui/code-block";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Dialog } from "~/components/ui/dialog";
import { EmptyState } from "~/components/ui/empty-state";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { Instant, Relative, useDisplayZone } from "~/components/ui/time";
import { RIGHTS, RIGHTS_OF_ROLE, type Right, ROLES, type Role } from "~/server/domain/rights";
import { CreateDialog } from "./create-dialog";
import { ROLE_OPTIONS } from "./role-options";

type ApiKey = RouterOutputs["access"]["apiKeys"]["items"][number];

/** The rights of a role, or single ones. */
const CHOICES: readonly { value: Role | "single"; label: string }[] = [
  ...ROLE_OPTIONS,
  { value: "single", label: "Single rights" },
];

/** The role with exactly these rights. */
const roleOf = (rights: readonly Right[]) =>
  ROLES.find(
    (role) =>
      RIGHTS_OF_ROLE[role].length === rights.length && RIGHTS_OF_ROLE[role].every((one) => rights.includes(one)),
  );

/** API keys. The secret is only shown after the create. */
export function ApiKeysTable() {
  const trpc = useTRPC();
  const keys = useQuery(trpc.access.apiKeys.queryOptions());
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useMutation(
    trpc.access.revokeApiKey.mutationOptions({
      onSuccess: () => {
        setRevoking(null);
        void keys.refetch();
      },
    }),
  );
  const columns: Column<ApiKey>[] = [
    {
      id: "name",
      header: "Name",
      rowHeader: true,
      cell: (key) => (
        <>
          <span className="block font-medium">{key.name}</span>
          <code className="font-mono text-muted text-xs">{key.start}…</code>
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
        </span>
      ),
    },
    { id: "used", header: "Last used", cell: (key) => <Relative value={key.lastUsedAt} /> },
    {
      id: "expires",
      header: "Expires",
      hideBelow: "md",
      cell: (key) => (key.expiresAt ? <Instant value={key.expiresAt} /> : "never"),
    },
    {
      id: "created",
      header: "Created",
      hideBelow: "lg",
      cell: (key) => (
        <>
          <Relative value={key.createdAt} />
          <span className="block text-muted text-xs">{key.createdBy}</span>
        </>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (key) => (
        <Button size="sm" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
          Revoke
        </Button>
      ),
    },
  ];
  return (
    <div className="flex max-w-5xl flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted text-sm">
          Programs send a key as <code className="font-mono text-xs">Authorization: Bearer …</code>
        </p>
        <Button variant="primary" icon={<KeyRound aria-hidden />} onClick={() => setCreating(true)}>
          New API key
        </Button>
      </div>
      {keys.data?.environmentKey ? (
        <Callout title="ADMIN_API_KEY is set">
          This key from the environment has all rights. It is not listed here. To revoke it, change the variable and
          restart.
        </Callout>
      ) : null}
      <DataTable
        caption="API keys"
        columns={columns}
        rows={keys.data?.items}
        rowId={(key) => key.keyId}
        empty={
          <EmptyState
            icon={<KeyRound />}
            title={keys.data?.environmentKey ? "No other API keys yet" : "No API keys yet"}
          >
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
      {revoking ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && setRevoking(null)}
          title={`Revoke ${revoking.name}?`}
          description="Programs that use this key are refused immediately. This cannot be undone."
          confirmLabel="Revoke key"
          onConfirm={() => revoke.mutate({ keyId: revoking.keyId })}
          loading={revoke.isPending}
          error={revoke.error ? <ActionError error={revoke.error} /> : undefined}
        />
      ) : null}
    </div>
  );
}

function SingleRights({ value, onChange }: { value: readonly Right[]; onChange: (rights: readonly Right[]) => void }) {
  const toggle = (right: Right) => (on: boolean) =>
    onChange(RIGHTS.filter((one) => (one === right ? on : value.includes(one))));
  return (
    <fieldset className="grid gap-1.5 sm:grid-cols-2">
      <legend className="sr-only">Single rights</legend>
      {RIGHTS.map((right) => (
        <Field key={right} layout="control" label={<code className="font-mono text-xs">{right}</code>}>
          <Checkbox checked={value.includes(right)} onCheckedChange={toggle(right)} />
        </Field>
      ))}
    </fieldset>
  );
}

function NewApiKey({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const trpc = useTRPC();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [choice, setChoice] = useState<Role | "single">("editor");
  const [single, setSingle] = useState<readonly Right[]>(RIGHTS_OF_ROLE.viewer);
  const [expiresAt, setExpiresAt] = useState<string | null>(null);
  const create = useMutation(trpc.access.createApiKey.mutationOptions({ onSuccess: onCreated }));
  const errors = fieldErrors(create.error);
  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`API key ${create.data.name}`}
        description="Copy the key now. It is not shown again."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <CodeBlock label="API key" code={create.data.secret} wrap />
      </Dialog>
    );
  }
  return (
    <CreateDialog
      title="New API key"
      submitLabel="Create key"
      mutation={create}
      onSubmit={(text) => {
        const rights = choice === "single" ? single : RIGHTS_OF_ROLE[choice];
        const request = { name: text("name"), rights: [...rights], expiresAt: expiresAt ?? undefined };
        create.mutate({ ...request, idempotencyKey: requestKey(key, request) });
      }}
      onClose={onClose}
    >
      <Field label="Name" required description="The program that uses the key." error={errors.get("name")}>
        <Input name="name" placeholder="billing service" autoComplete="off" />
      </Field>
      <Field label="Rights" error={errors.get("rights")}>
        <Select value={choice} onValueChange={setChoice} options={CHOICES} />
      </Field>
      {choice === "single" ? <SingleRights value={single} onChange={setSingle} /> : null}
      <DateTimeField
        label="Expires"
        description="Empty: never expires."
        value={expiresAt}
        onChange={setExpiresAt}
        zone={zone}
        error={errors.get("expires_at")}
      />
    </CreateDialog>
  );
}
