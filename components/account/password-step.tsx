"use client";

import { type FormEvent, type RefObject, useState } from "react";
import { ActionError } from "~/components/queries/load-error";
import { fieldErrors } from "~/components/trpc/app-error";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";

/** Asks for the user's password before a change of the account. */
export function PasswordStep({
  mutation,
  submitLabel,
  tone = "primary",
  passwordRef,
  onSubmit,
}: {
  mutation: { error: unknown; isPending: boolean };
  submitLabel: string;
  tone?: "primary" | "danger";
  passwordRef?: RefObject<HTMLInputElement | null>;
  onSubmit: (password: string) => void;
}) {
  const [missing, setMissing] = useState(false);
  const error = fieldErrors(mutation.error).get("password");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setMissing(password === "");
    if (password !== "") onSubmit(password);
  };
  const message = missing ? "Enter your password." : error && "The password is wrong.";
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Your password" error={message}>
        <Input ref={passwordRef} name="password" type="password" autoComplete="current-password" />
      </Field>
      {mutation.error ? <ActionError error={mutation.error} fields={["password"]} /> : null}
      <Button type="submit" variant={tone} loading={mutation.isPending} className="self-end">
        {submitLabel}
      </Button>
    </form>
  );
}
