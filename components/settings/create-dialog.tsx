"use client";

import { type FormEvent, type ReactNode, useId } from "react";
import { errorText } from "~/components/queries/load-error";
import { fieldErrors } from "~/components/trpc/app-error";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";

/** A form in a dialog. An error without a fault of a field is shown below the fields. */
export function CreateDialog({
  title,
  submitLabel,
  mutation,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  submitLabel: string;
  mutation: { error: unknown; isPending: boolean };
  /** `text` returns the content of a named input. */
  onSubmit: (text: (name: string) => string) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const form = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onSubmit((name) => String(data.get(name) ?? ""));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" loading={mutation.isPending}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {children}
        {mutation.error && fieldErrors(mutation.error).size === 0 ? (
          <Callout tone="danger">{errorText(mutation.error)}</Callout>
        ) : null}
      </form>
    </Dialog>
  );
}
