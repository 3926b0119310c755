"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { PasswordMeter } from "~/components/access/password-strength";
import { useUserEmail } from "~/components/access/user";
import { ActionError } from "~/components/queries/load-error";
import { fieldErrors } from "~/components/trpc/app-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";

const EMPTY = { currentPassword: "", newPassword: "", repeated: "" };

/** Changes the password, which ends all other sessions. */
export function PasswordCard({ onChanged }: { onChanged: () => void }) {
  const trpc = useTRPC();
  const email = useUserEmail();
  const [values, setValues] = useState(EMPTY);
  const [isSubmitted, setSubmitted] = useState(false);
  const change = useMutation(
    trpc.access.changePassword.mutationOptions({
      onSuccess: () => {
        setValues(EMPTY);
        setSubmitted(false);
        onChanged();
      },
    }),
  );
  const errors = fieldErrors(change.error);
  const missing = (value: string) => (isSubmitted && value === "" ? "Required." : undefined);
  const isDifferent = values.repeated !== "" && values.repeated !== values.newPassword;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    const { currentPassword, newPassword, repeated } = values;
    if (currentPassword && newPassword && newPassword === repeated) change.mutate({ currentPassword, newPassword });
  };
  const input = (name: keyof typeof EMPTY, autoComplete: string) => (
    <Input
      type="password"
      autoComplete={autoComplete}
      value={values[name]}
      onChange={(event) => setValues({ ...values, [name]: event.target.value })}
    />
  );
  return (
    <Card title="Password" description="A new password signs you out on all other devices.">
      <form noValidate onSubmit={submit} className="flex max-w-sm flex-col gap-4">
        <Field label="Current password" error={missing(values.currentPassword) ?? errors.get("current_password")}>
          {input("currentPassword", "current-password")}
        </Field>
        <Field
          label="New password"
          description="At least 8 characters; several words are best."
          error={missing(values.newPassword) ?? errors.get("new_password")}
        >
          {input("newPassword", "new-password")}
        </Field>
        <PasswordMeter password={values.newPassword} words={[email]} />
        <Field
          label="Confirm new password"
          error={missing(values.repeated) ?? (isDifferent ? "The passwords do not match." : undefined)}
        >
          {input("repeated", "new-password")}
        </Field>
        {change.error ? <ActionError error={change.error} fields={["current_password", "new_password"]} /> : null}
        {change.isSuccess ? (
          <Callout tone="success" live>
            Password changed.
          </Callout>
        ) : null}
        <Button type="submit" variant="primary" loading={change.isPending} className="self-start">
          Change password
        </Button>
      </form>
    </Card>
  );
}
