"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { CreateDialog } from "./create-dialog";
import type { roleOptionsWith } from "./role-options";

const VALID_OPTIONS = [
  { value: "24", label: "1 day" },
  { value: "72", label: "3 days" },
  { value: "168", label: "7 days" },
];

/** Creates a user and a link with which the person chooses the password. */
export function InviteUser({
  roleOptions,
  onInvited,
  onClose,
}: {
  roleOptions: ReturnType<typeof roleOptionsWith>;
  onInvited: (invited: { name: string; link: RouterOutputs["access"]["inviteUser"] }) => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const key = useIdempotencyKey();
  const [role, setRole] = useState("viewer");
  const [validHours, setValidHours] = useState("72");
  const invite = useMutation(
    trpc.access.inviteUser.mutationOptions({ onSuccess: (link, { name }) => onInvited({ name, link }) }),
  );
  const errors = fieldErrors(invite.error);
  return (
    <CreateDialog
      title="Invite user"
      submitLabel="Create invitation"
      mutation={invite}
      fields={["name", "email", "role"]}
      onSubmit={(text) => {
        const request = { name: text("name"), email: text("email"), role, validHours: Number(validHours) };
        invite.mutate({ ...request, idempotencyKey: requestKey(key, request) });
      }}
      onClose={onClose}
    >
      <Field label="Name" required error={errors.get("name")}>
        <Input name="name" autoComplete="off" />
      </Field>
      <Field label="E-mail" required error={errors.get("email")}>
        <Input name="email" type="email" autoComplete="off" />
      </Field>
      <Field label="Role" error={errors.get("role")}>
        <Select value={role} onValueChange={setRole} options={roleOptions} />
      </Field>
      <Field label="Link is valid for" description="You get a link to hand over; the person chooses the password.">
        <Select value={validHours} onValueChange={setValidHours} options={VALID_OPTIONS} />
      </Field>
    </CreateDialog>
  );
}
