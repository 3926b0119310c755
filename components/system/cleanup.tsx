"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { SearchCheck, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { LacksRight } from "~/components/access/may";
import { ActionError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { formatCounted } from "~/components/ui/format";
import { Instant } from "~/components/ui/time";
import { cleanupWords, retentionWords } from "./cleanup-words";
import type { KnownSettings } from "./settings-known";

// Loaded on first use, to keep it out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));

type Report = RouterOutputs["monitoring"]["cleanup"];

/** Applies the retention on demand: a preview, then the deletion if confirmed. `allowed`: has `system:operate`. */
export function Cleanup({ allowed, settings }: { allowed: boolean; settings: KnownSettings }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isConfirming, setConfirming] = useState(false);
  const check = useMutation(trpc.monitoring.cleanup.mutationOptions());
  const run = useMutation(
    trpc.monitoring.cleanup.mutationOptions({
      onSuccess: async () => {
        setConfirming(false);
        check.reset();
        await Promise.all([
          queryClient.invalidateQueries(trpc.monitoring.pathFilter()),
          queryClient.invalidateQueries(trpc.schedules.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <Card title="Cleanup">
      <div className="flex flex-col items-start gap-3">
        <p className="text-muted text-sm">
          {retentionWords(settings)} Schedules with runs left are never removed. Workers do this every hour.
        </p>
        <Button
          icon={<SearchCheck aria-hidden />}
          disabled={!allowed}
          loading={check.isPending}
          onClick={() => {
            run.reset();
            check.mutate({ dryRun: true });
          }}
        >
          Preview cleanup
        </Button>
        <LacksRight right="system:operate" />
        {check.error ? <ActionError error={check.error} /> : null}
        {check.data ? <Found report={check.data} at={check.submittedAt} onDelete={() => setConfirming(true)} /> : null}
        {run.data ? <Done report={run.data} at={run.submittedAt} /> : null}
      </div>
      {check.data ? (
        <AlertDialog
          open={isConfirming}
          onOpenChange={(open) => {
            setConfirming(open);
            if (!open) run.reset();
          }}
          title="Clean up now?"
          description={`${cleanupWords(check.data)} will be deleted. This cannot be undone.`}
          confirmLabel="Clean up"
          onConfirm={() => run.mutate({ dryRun: false })}
          loading={run.isPending}
          error={run.error ? <ActionError error={run.error} /> : undefined}
        />
      ) : null}
    </Card>
  );
}

function Found({ report, at, onDelete }: { report: Report; at: number; onDelete: () => void }) {
  const isEmpty = report.schedules + report.executions + report.auditEntries === 0;
  return (
    <Callout
      live
      className="self-stretch"
      title={isEmpty ? "Nothing to delete" : `${cleanupWords(report)} would be deleted`}
      action={
        isEmpty ? null : (
          <Button size="sm" variant="danger" icon={<Trash2 aria-hidden />} onClick={onDelete}>
            Clean up…
          </Button>
        )
      }
    >
      <p className="text-muted text-xs">
        Checked at <Instant value={at} format="time" />. Nothing was deleted.
      </p>
    </Callout>
  );
}

function Done({ report, at }: { report: Report; at: number }) {
  return (
    <Callout tone="success" live className="self-stretch" title={`${cleanupWords(report)} deleted`}>
      {report.retentionChanged.length > 0 ? (
        <p>New retention applied to {report.retentionChanged.join(", ")}.</p>
      ) : null}
      {report.retentionKept.map(({ setting, wantedDays, keptDays }) => (
        <p key={setting}>
          {setting === "executionHistoryTtlDays" ? "History" : "Analytics"} is still kept for{" "}
          {keptDays === null ? "ever" : formatCounted(keptDays, "day")}. To shorten it to{" "}
          {formatCounted(wantedDays, "day")}, save that value under Settings.
        </p>
      ))}
      <p className="text-muted text-xs">
        At <Instant value={at} format="time" />
      </p>
    </Callout>
  );
}
