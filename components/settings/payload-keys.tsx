"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { IfMay } from "~/components/access/may";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { formatCounted } from "~/components/ui/format";

/** How often the numbers are loaded again after the encryption, because the stores count new versions late. */
const POLL_MS = 5000;

/** The keys that encrypt payloads, each with its number of schedules. Renders nothing if there are no keys. */
export function PayloadKeys() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const encrypt = useMutation(
    trpc.protection.encryptAgain.mutationOptions({
      onSuccess: ({ keys, pending, encrypted }) => {
        queryClient.setQueryData(trpc.protection.keys.queryKey(), { keys, pending });
        // One call encrypts only some hundred schedules. Stop when a call encrypts none: it skipped all others.
        if (pending > 0 && encrypted > 0) encrypt.mutate({});
      },
    }),
  );
  const refetchInterval = encrypt.isSuccess ? POLL_MS : false;
  const keys = useQuery(trpc.protection.keys.queryOptions(undefined, { refetchInterval }));
  if (!keys.data && keys.error) {
    return <LoadError error={keys.error} onRetry={() => void keys.refetch()} retrying={keys.isFetching} />;
  }
  if (!keys.data || keys.data.keys.length === 0) return null;
  const { pending } = keys.data;
  return (
    <Card title="Encryption keys">
      <ul className="flex flex-col gap-1.5 text-sm">
        {keys.data.keys.map(({ id, isFirst, isConfigured, schedules }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3">
            <KeyRound aria-hidden className="size-4 shrink-0 text-muted" />
            <code className="break-all font-mono text-xs">{id}</code>
            <span className="text-muted">
              {formatCounted(schedules, "schedule")}
              {isFirst ? ", encrypts new payloads" : ""}
              {isConfigured ? "" : ", missing in PAYLOAD_ENCRYPTION_KEYS"}
              {!isFirst && isConfigured && schedules === 0 ? ", no schedule needs it" : ""}
            </span>
          </li>
        ))}
      </ul>
      {pending > 0 ? (
        <div className="mt-3 flex flex-wrap items-center gap-3 text-sm">
          <span role="status">{formatCounted(pending, "schedule")} to encrypt with the first key, or to decrypt.</span>
          <IfMay right="system:operate">
            <Button size="sm" loading={encrypt.isPending} onClick={() => encrypt.mutate({})}>
              Encrypt now
            </Button>
          </IfMay>
        </div>
      ) : null}
      {encrypt.data && encrypt.data.skipped > 0 ? (
        <p className="mt-2 text-muted text-sm">
          {formatCounted(encrypt.data.skipped, "schedule")} skipped, for example because they are running or their key
          is missing.
        </p>
      ) : null}
      {encrypt.error ? <ActionError error={encrypt.error} /> : null}
    </Card>
  );
}
