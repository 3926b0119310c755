"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { usePasskeySupport } from "~/components/access/use-passkeys";
import { ActionError } from "~/components/queries/load-error";
import { QueryTile } from "~/components/queries/query-tile";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { AlertDialog } from "~/components/ui/alert-dialog";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Relative } from "~/components/ui/time";

// Loaded on first use, with the code that uses the browser's passkeys.
const PasskeyDialog = dynamic(() => import("./passkey-dialog").then((module) => module.PasskeyDialog));

type Passkey = RouterOutputs["access"]["passkeys"]["items"][number];

/** The user's passkeys, with buttons to add, rename and remove them. */
export function PasskeysCard() {
  const trpc = useTRPC();
  const passkeys = useQuery(trpc.access.passkeys.queryOptions());
  const isSupported = usePasskeySupport();
  const [dialog, setDialog] = useState<{ passkey: Passkey | null } | null>(null);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const changed = () => void passkeys.refetch();
  const remove = useMutation(trpc.access.removePasskey.mutationOptions({ onSuccess: changed }));
  const closeRemove = () => {
    setRemoving(null);
    remove.reset();
  };
  return (
    <>
      <QueryTile
        title="Passkeys"
        description="Sign in with your device or a security key, without a password or a code"
        query={passkeys}
        skeletonLines={2}
        padded={false}
        actions={
          isSupported ? (
            <Button size="sm" onClick={() => setDialog({ passkey: null })}>
              Add passkey
            </Button>
          ) : null
        }
      >
        {({ items }) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-muted text-sm">
              {isSupported
                ? "You have no passkey yet."
                : "Passkeys need HTTPS, a host name instead of an IP address, and a browser that supports them."}
            </p>
          ) : (
            <ul className="divide-y">
              {items.map((one) => (
                <li key={one.passkeyId} className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm">
                  <KeyRound aria-hidden className="size-4 shrink-0 text-muted" />
                  <div className="min-w-0 flex-1">
                    <p className="flex flex-wrap items-center gap-2 font-medium">
                      <span className="break-words">{one.name}</span> {one.synced ? <Badge>Synced</Badge> : null}
                    </p>
                    {one.createdAt ? (
                      <p className="text-muted text-xs">
                        added <Relative value={one.createdAt} />
                      </p>
                    ) : null}
                  </div>
                  <span className="flex gap-1">
                    <Button size="sm" aria-label={`Rename ${one.name}`} onClick={() => setDialog({ passkey: one })}>
                      Rename
                    </Button>
                    <Button size="sm" aria-label={`Remove ${one.name}`} onClick={() => setRemoving(one)}>
                      Remove
                    </Button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryTile>
      {dialog ? (
        <PasskeyDialog
          passkey={dialog.passkey}
          needsPassword={passkeys.data?.hasPassword ?? true}
          onChanged={changed}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {removing ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && closeRemove()}
          title={`Remove ${removing.name}?`}
          description="It no longer signs you in here. Delete it on your device too, which would otherwise still offer it."
          confirmLabel="Remove passkey"
          onConfirm={() => remove.mutate({ passkeyId: removing.passkeyId }, { onSuccess: closeRemove })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </>
  );
}
