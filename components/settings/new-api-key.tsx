import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { useDisplayZone } from "~/components/ui/time";
import { RIGHTS_OF_ROLE, type Right, type Role } from "~/server/domain/rights";
import { CreateDialog } from "./create-dialog";
import { NewSecret } from "./new-secret";
import { RightsChoice } from "./rights-choice";
import { ROLE_OPTIONS } from "./role-options";
import { ScopeChoice } from "./scope-choice";
import { rightsWithin, scopeDraft, scopeOf, wordsOf } from "./scope-draft";

/** The rights of a role, or single rights. */
const CHOICES: readonly { value: Role | "single"; label: string }[] = [
  ...ROLE_OPTIONS,
  { value: "single", label: "Single rights" },
];

/** The owner of a key that belongs to the caller. No service account has this name. */
const OWN = "@you";

/** Creates an API key and shows its secret once. */
export function NewApiKey({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const trpc = useTRPC();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [choice, setChoice] = useState<Role | "single">("editor");
  const [single, setSingle] = useState<readonly Right[]>(RIGHTS_OF_ROLE.viewer);
  const [expiresAt, setExpiresAt] = useState<string | null>(null);
  const [scope, setScope] = useState(scopeDraft(null));
  const [owner, setOwner] = useState(OWN);
  const accounts = useQuery(trpc.access.serviceAccounts.queryOptions());
  const owners = [
    { value: OWN, label: "You: the key stops with your account" },
    ...(accounts.data?.items ?? []).map(({ name }) => ({ value: name, label: `Service account ${name}` })),
  ];
  const create = useMutation(trpc.access.createApiKey.mutationOptions({ onSuccess: onCreated }));
  const errors = fieldErrors(create.error);
  if (create.data) return <NewSecret name={create.data.name} secret={create.data.secret} onClose={onClose} />;
  return (
    <CreateDialog
      title="New API key"
      submitLabel="Create key"
      mutation={create}
      fields={[
        ...["name", "rights", "scope", "expires_at", "allowed_addresses"],
        ...(owners.length > 1 ? ["service_account"] : []),
      ]}
      onSubmit={(text) => {
        const rights = choice === "single" ? single : RIGHTS_OF_ROLE[choice];
        const request = {
          name: text("name"),
          rights: rightsWithin(scope, rights),
          scope: scopeOf(scope),
          serviceAccount: owner === OWN ? undefined : owner,
          expiresAt: expiresAt ?? undefined,
          allowedAddresses: wordsOf(text("addresses")),
        };
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
      {choice === "single" ? <RightsChoice value={single} onChange={setSingle} isScoped={scope.isOn} /> : null}
      <ScopeChoice value={scope} onChange={setScope} errors={errors} />
      {owners.length > 1 ? (
        <Field label="Owner" error={errors.get("service_account")}>
          <Select value={owner} onValueChange={setOwner} options={owners} />
        </Field>
      ) : null}
      <DateTimeField
        label="Expires"
        description="If empty, the key never expires."
        value={expiresAt}
        onChange={setExpiresAt}
        zone={zone}
        error={errors.get("expires_at")}
      />
      <Field
        label="Allowed addresses"
        description="Addresses or CIDR ranges such as 10.0.0.0/8. If empty, all addresses are allowed."
        error={errors.get("allowed_addresses")}
      >
        <Input name="addresses" placeholder="192.0.2.7 10.0.0.0/8" autoComplete="off" className="font-mono" />
      </Field>
    </CreateDialog>
  );
}
