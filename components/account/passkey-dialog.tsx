"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { createPasskey } from "~/components/access/passkey-browser";
import { passkeyFault } from "~/components/access/use-passkeys";
import { ActionError } from "~/components/queries/load-error";
import { CreateDialog } from "~/components/settings/create-dialog";
import { callErrorOf, fieldErrors } from "~/components/trpc/app-error";
import { useTRPC, useTRPCClient } from "~/components/trpc/client";
import { Callout } from "~/components/ui/callout";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { deviceName } from "./device-name";

export interface PasskeyDialogProps {
  /** The passkey to rename; null to add one. */
  passkey: { passkeyId: string; name: string } | null;
  needsPassword: boolean;
  onChanged: () => void;
  onClose: () => void;
}

/** Adds or renames a passkey. */
export function PasskeyDialog({ passkey, needsPassword, onChanged, onClose }: PasskeyDialogProps) {
  const done = () => {
    onChanged();
    onClose();
  };
  if (passkey) return <RenamePasskey passkey={passkey} onDone={done} onClose={onClose} />;
  return <AddPasskey needsPassword={needsPassword} onDone={done} onClose={onClose} />;
}

function AddPasskey({
  needsPassword,
  onDone,
  onClose,
}: {
  needsPassword: boolean;
  onDone: () => void;
  onClose: () => void;
}) {
  const client = useTRPCClient();
  const [missing, setMissing] = useState<{ name?: string; password?: string }>({});
  const add = useMutation({
    mutationFn: async ({ name, password }: { name: string; password: string }) => {
      const started = await client.access.startPasskey.mutate(needsPassword ? { password } : {});
      const response = await createPasskey(started.options);
      await client.access.addPasskey.mutate({ ceremony: started.ceremony, response, name });
    },
    onSuccess: onDone,
  });
  const errors = fieldErrors(add.error);
  const password = errors.has("password") ? "The password is wrong." : undefined;
  const isServers = callErrorOf(add.error) !== null;
  return (
    <CreateDialog
      title="Add a passkey"
      submitLabel="Continue"
      mutation={{ error: null, isPending: add.isPending }}
      fields={[]}
      onSubmit={(text) => {
        const [name, entered] = [text("name").trim(), text("password")];
        const lacks = {
          ...(name ? {} : { name: "Enter a name." }),
          ...(entered || !needsPassword ? {} : { password: "Enter your password." }),
        };
        setMissing(lacks);
        if (Object.keys(lacks).length === 0) add.mutate({ name, password: entered });
      }}
      onClose={onClose}
    >
      <Field
        label="Name"
        description="So that you recognise it in the list."
        error={missing.name ?? errors.get("name")}
      >
        <Input name="name" autoComplete="off" maxLength={60} defaultValue={deviceName(navigator.userAgent)} />
      </Field>
      {needsPassword ? (
        <Field label="Your password" error={missing.password ?? password}>
          <Input name="password" type="password" autoComplete="current-password" />
        </Field>
      ) : null}
      {isServers ? <ActionError error={add.error} fields={needsPassword ? ["name", "password"] : ["name"]} /> : null}
      {add.error && !isServers ? <Callout tone="danger">{passkeyFault(add.error)}</Callout> : null}
    </CreateDialog>
  );
}

function RenamePasskey({
  passkey,
  onDone,
  onClose,
}: {
  passkey: { passkeyId: string; name: string };
  onDone: () => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const rename = useMutation(trpc.access.renamePasskey.mutationOptions({ onSuccess: onDone }));
  return (
    <CreateDialog
      title="Rename passkey"
      submitLabel="Save"
      mutation={rename}
      fields={["name"]}
      onSubmit={(text) => rename.mutate({ passkeyId: passkey.passkeyId, name: text("name") })}
      onClose={onClose}
    >
      <Field label="Name" error={fieldErrors(rename.error).get("name")}>
        <Input name="name" autoComplete="off" maxLength={60} defaultValue={passkey.name} />
      </Field>
    </CreateDialog>
  );
}
