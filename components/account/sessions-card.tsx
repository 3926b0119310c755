"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Laptop } from "lucide-react";
import { ActionError } from "~/components/queries/load-error";
import { QueryTile } from "~/components/queries/query-tile";
import { useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Relative } from "~/components/ui/time";
import { deviceName } from "./device-name";

/** The user's sessions, with buttons to end all except the current one. */
export function SessionsCard() {
  const trpc = useTRPC();
  const sessions = useQuery(trpc.access.sessions.queryOptions());
  const revoke = useMutation(trpc.access.revokeSession.mutationOptions({ onSettled: () => void sessions.refetch() }));
  return (
    <QueryTile
      title="Sessions"
      description="Where you are signed in"
      query={sessions}
      skeletonLines={3}
      padded={false}
      actions={
        sessions.data && sessions.data.items.length > 1 ? (
          <Button size="sm" loading={revoke.isPending} onClick={() => revoke.mutate({})}>
            Sign out other sessions
          </Button>
        ) : null
      }
    >
      {({ items }) => (
        <>
          {revoke.error ? <ActionError error={revoke.error} /> : null}
          <ul className="divide-y">
            {items.map((one) => (
              <li key={one.sessionId} className="flex items-center gap-3 px-4 py-3 text-sm">
                <Laptop aria-hidden className="size-4 shrink-0 text-muted" />
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {deviceName(one.userAgent)} {one.current ? <Badge>Current</Badge> : null}
                  </p>
                  <p className="text-muted text-xs">
                    {one.ip ?? "Unknown address"} · last seen <Relative value={one.seenAt} /> · signed in{" "}
                    <Relative value={one.createdAt} />
                  </p>
                </div>
                {one.current ? null : (
                  <Button
                    size="sm"
                    aria-label={`Sign out ${deviceName(one.userAgent)}, ${one.ip ?? "unknown address"}`}
                    onClick={() => revoke.mutate({ sessionId: one.sessionId })}
                  >
                    Sign out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </QueryTile>
  );
}
