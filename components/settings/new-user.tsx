"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { requestKey, useIdempotencyKey } from "~/components/ui/idempotency-key";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import type { Role } from "~/server/domain/rights";
import { CreateDialog } from "./create-dialog";
import { ROLE_OPTIONS } from "./role-options";

export function NewUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
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
