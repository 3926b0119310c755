import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Checkbox } from "~/components/ui/checkbox";
import { DateTimeField } from "~/components/ui/date-time-field";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { useDisplayZone } from "~/components/ui/time";
import { RIGHTS, RIGHTS_OF_ROLE, type Right, type Role } from "~/server/domain/rights";
import { CreateDialog } from "./create-dialog";
import { NewSecret } from "./new-secret";
import { RIGHT_HELP } from "./right-help";
import { ROLE_OPTIONS } from "./role-options";

/** The rights of a role, or single rights. */
const CHOICES: readonly { value: Role | "single"; label: string }[] = [
  ...ROLE_OPTIONS,
  { value: "single", label: "Single rights" },
];

function SingleRights({ value, onChange }: { value: readonly Right[]; onChange: (rights: readonly Right[]) => void }) {
  const toggle = (right: Right) => (on: boolean) =>
    onChange(RIGHTS.filter((one) => (one === right ? on : value.includes(one))));
  return (
    <fieldset className="grid gap-1.5 sm:grid-cols-2">
      <legend className="sr-only">Single rights</legend>
      {RIGHTS.map((right) => (
        <Field
          key={right}
          layout="control"
          label={<code className="font-mono text-xs">{right}</code>}
          description={RIGHT_HELP[right]}
        >
          <Checkbox checked={value.includes(right)} onCheckedChange={toggle(right)} />
        </Field>
      ))}
    </fieldset>
  );
}

/** Creates an API key and shows its secret once. */
export function NewApiKey({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const trpc = useTRPC();
  const { zone } = useDisplayZone();
  const key = useIdempotencyKey();
  const [choice, setChoice] = useState<Role | "single">("editor");
  const [single, setSingle] = useState<readonly Right[]>(RIGHTS_OF_ROLE.viewer);
  const [expiresAt, setExpiresAt] = useState<string | null>(null);
  const create = useMutation(trpc.access.createApiKey.mutationOptions({ onSuccess: onCreated }));
  const errors = fieldErrors(create.error);
  const addressError = [...errors].find(([field]) => field.startsWith("allowed_addresses"))?.[1];
  if (create.data) return <NewSecret name={create.data.name} secret={create.data.secret} onClose={onClose} />;
  return (
    <CreateDialog
      title="New API key"
      submitLabel="Create key"
      mutation={create}
      onSubmit={(text) => {
        const rights = choice === "single" ? single : RIGHTS_OF_ROLE[choice];
        const allowedAddresses = text("addresses")
          .split(/[\s,]+/)
          .filter(Boolean);
        const request = {
          name: text("name"),
          rights: [...rights],
          expiresAt: expiresAt ?? undefined,
          allowedAddresses,
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
      {choice === "single" ? <SingleRights value={single} onChange={setSingle} /> : null}
      <DateTimeField
        label="Expires"
        description="Empty: never expires."
        value={expiresAt}
        onChange={setExpiresAt}
        zone={zone}
        error={errors.get("expires_at")}
      />
      <Field
        label="Allowed addresses"
        description="Addresses or CIDR ranges such as 10.0.0.0/8. Empty: all."
        error={addressError}
      >
        <Input name="addresses" placeholder="192.0.2.7 10.0.0.0/8" autoComplete="off" className="font-mono" />
      </Field>
    </CreateDialog>
  );
}
