"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { IfMay, useMay } from "~/components/access/may";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { NoValue } from "~/components/ui/no-value";
import { Relative } from "~/components/ui/time";
import { PayloadKeys } from "./payload-keys";
import { SectionHeader } from "./section-header";

// Loaded on first use, to keep them out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));
const ProtectionDialog = dynamic(() => import("./protection-dialog").then((module) => module.ProtectionDialog));

const TITLE = "Payload protection";

type Rule = RouterOutputs["protection"]["list"]["items"][number];

/**
 * The protection rules of topics. Reading them needs `schedules:read`, a new rule `settings:edit`, and a change or a
 * removal also `payloads:read`.
 */
export function ProtectionRules() {
  const trpc = useTRPC();
  const may = useMay();
  const mayChange = may("settings:edit") && may("payloads:read");
  const rules = useQuery(trpc.protection.list.queryOptions());
  // The rule in the dialog, or "new" for a new rule.
  const [editing, setEditing] = useState<Rule | "new" | null>(null);
  const [removing, setRemoving] = useState<Rule | null>(null);
  const remove = useMutation(trpc.protection.delete.mutationOptions({ onSuccess: () => void rules.refetch() }));
  const close = () => {
    setRemoving(null);
    remove.reset();
  };
  const columns: Column<Rule>[] = [
    {
      id: "topic",
      header: "Topic",
      rowHeader: true,
      cell: (rule) => <code className="break-all font-mono text-xs">{rule.topic}</code>,
    },
    {
      id: "masks",
      header: "Masks",
      cell: (rule) => (
        <div className="flex min-w-0 flex-col items-start gap-1">
          <code className="line-clamp-3 break-all font-mono text-xs">
            {[...rule.paths, ...rule.patterns].join(", ") || <NoValue />}
          </code>
          {rule.encrypt ? <Badge>Encrypted at rest</Badge> : null}
        </div>
      ),
    },
    {
      id: "changed",
      header: "Changed",
      hideBelow: "md",
      cell: (rule) => (
        <>
          <Relative value={rule.updatedAt} />
          <span className="block text-muted text-xs">{rule.updatedBy}</span>
        </>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (rule) => (
        <span className="inline-flex gap-2">
          <Button
            size="sm"
            aria-label={`${mayChange ? "Edit" : "View"} the protection of ${rule.topic}`}
            onClick={() => setEditing(rule)}
          >
            {mayChange ? "Edit" : "View"}
          </Button>
          {mayChange ? (
            <Button size="sm" aria-label={`Remove the protection of ${rule.topic}`} onClick={() => setRemoving(rule)}>
              Remove
            </Button>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <section aria-label={TITLE} className="flex max-w-5xl flex-col gap-3">
      <SectionHeader
        title={TITLE}
        help={
          <>
            A rule masks values in payloads and headers: in the dashboard, the API, exports and the audit trail. Events
            are published with the real values. Holders of <code className="font-mono">payloads:read</code> can reveal
            them, which is audited.
          </>
        }
        action={
          <IfMay right="settings:edit">
            <Button icon={<Lock aria-hidden />} onClick={() => setEditing("new")}>
              New protection rule
            </Button>
          </IfMay>
        }
      />
      <DataTable
        caption="Protection rules"
        columns={columns}
        rows={rules.data?.items}
        rowId={(rule) => rule.topic}
        empty={
          <EmptyState icon={<Lock />} title="No protection rules yet">
            Everybody who may read schedules or executions sees their payloads. Create a rule to mask values of a topic,
            or to store its payloads encrypted.
          </EmptyState>
        }
        error={
          rules.error ? (
            <LoadError error={rules.error} onRetry={() => void rules.refetch()} retrying={rules.isFetching} />
          ) : null
        }
      />
      <PayloadKeys />
      {editing ? (
        <ProtectionDialog
          current={editing === "new" ? null : editing}
          mayChange={editing === "new" ? may("settings:edit") : mayChange}
          onClose={() => setEditing(null)}
          onSaved={() => void rules.refetch()}
        />
      ) : null}
      {removing ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && close()}
          title={`Remove the protection of ${removing.topic}?`}
          description="Everybody who may read schedules or executions sees the values that only this rule masks, including past values."
          confirmLabel="Remove protection"
          onConfirm={() => remove.mutate({ topic: removing.topic }, { onSuccess: close })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </section>
  );
}
