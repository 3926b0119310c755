import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Switch } from "~/components/ui/switch";
import { CreateDialog } from "./create-dialog";

type Account = RouterOutputs["access"]["serviceAccounts"]["items"][number];

/** Creates a service account (`account` is null), or changes one. */
export function AccountDialog({
  account,
  onClose,
  onSaved,
}: {
  account: Account | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const [isEnabled, setEnabled] = useState(!account?.disabled);
  const save = useMutation(
    trpc.access.saveServiceAccount.mutationOptions({
      onSuccess: () => {
        onSaved();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(save.error);
  return (
    <CreateDialog
      title={account === null ? "New service account" : `Edit ${account.name}`}
      submitLabel={account === null ? "Create service account" : "Save service account"}
      mutation={save}
      fields={account === null ? ["name", "description"] : ["description"]}
      onSubmit={(text) =>
        save.mutate({
          name: account?.name ?? text("name"),
          description: text("description"),
          disabled: !isEnabled,
          isNew: account === null,
        })
      }
      onClose={onClose}
    >
      {account === null ? (
        <Field
          label="Name"
          required
          description="Lower-case letters and digits, with - and _ in between."
          error={errors.get("name")}
        >
          <Input name="name" placeholder="billing-worker" autoComplete="off" />
        </Field>
      ) : null}
      <Field label="Description" error={errors.get("description")}>
        <Input name="description" defaultValue={account?.description} autoComplete="off" />
      </Field>
      {account === null ? null : (
        <Field layout="control" label="Enabled" description="While it is off, all keys of the account are refused.">
          <Switch checked={isEnabled} onCheckedChange={setEnabled} />
        </Field>
      )}
    </CreateDialog>
  );
}
