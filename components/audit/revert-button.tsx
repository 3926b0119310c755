"use client";

import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { IfMay } from "~/components/access/may";
import { LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { SkeletonLines } from "~/components/ui/skeleton";
import { RestoreDialog } from "~/components/versions/restore-dialog";
import { SUCCEEDED } from "~/server/domain/audit/results";
import type { AuditRow } from "./audit-row";

/** The schedule version before the edit that the entry records, or null. */
function versionBefore({ verb, result, before }: Pick<AuditRow, "verb" | "result" | "before">): number | null {
  if (result !== SUCCEEDED || verb !== "schedule.edit") return null;
  const version = typeof before === "object" && before !== null && "version" in before ? before.version : null;
  return typeof version === "number" ? version : null;
}

/** Restores the definition that a schedule had before the edit. Renders nothing for an entry of another kind. */
export function RevertButton({ entry }: { entry: AuditRow }) {
  const [open, setOpen] = useState(false);
  const version = versionBefore(entry);
  if (version === null) return null;
  return (
    <IfMay right="schedules:edit">
      <Button className="self-start" icon={<Undo2 aria-hidden />} onClick={() => setOpen(true)}>
        Revert to version {version}…
      </Button>
      {open ? <Revert scheduleId={entry.target} version={version} onClose={() => setOpen(false)} /> : null}
    </IfMay>
  );
}

function Revert({ scheduleId, version, onClose }: { scheduleId: string; version: number; onClose: () => void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.schedules.get.queryOptions({ scheduleId }, { retry: false, staleTime: 0 }));
  if (query.data) return <RestoreDialog schedule={query.data} version={version} onClose={onClose} />;
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()} title={`Revert to version ${version}`} size="lg">
      {query.error ? (
        <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : (
        <SkeletonLines lines={4} />
      )}
    </Dialog>
  );
}
