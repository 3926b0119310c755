"use client";

import { type FormEvent, type ReactNode, useId } from "react";
import { ActionError } from "~/components/queries/load-error";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";

/** A form in a dialog. Errors that no field shows appear below the fields. */
export function CreateDialog({
  title,
  submitLabel,
  mutation,
  fields,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  submitLabel: string;
  mutation: { error: unknown; isPending: boolean };
  /** The wire names of the fields that show their errors. */
  fields: readonly string[];
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
        {mutation.error ? <ActionError error={mutation.error} fields={fields} /> : null}
      </form>
    </Dialog>
  );
}
