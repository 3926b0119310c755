"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Braces } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { IfMay, useMay } from "~/components/access/may";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { formatBytes, utf8Bytes } from "~/components/ui/format";
import { Relative } from "~/components/ui/time";
import { SectionHeader } from "./section-header";

// Loaded on first use, to keep them out of the page's bundle.
const TopicSchemaDialog = dynamic(() => import("./topic-schema-dialog").then((module) => module.TopicSchemaDialog));
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));

const TITLE = "Payload schemas";

type TopicSchema = RouterOutputs["topicSchemas"]["list"]["items"][number];

/** The payload schemas of topics. Reading them needs the right `schedules:read`, changes need `settings:edit`. */
export function TopicSchemas() {
  const trpc = useTRPC();
  const may = useMay();
  const schemas = useQuery(trpc.topicSchemas.list.queryOptions());
  // The schema in the dialog, or "new" for a new schema.
  const [editing, setEditing] = useState<TopicSchema | "new" | null>(null);
  const [removing, setRemoving] = useState<TopicSchema | null>(null);
  const remove = useMutation(trpc.topicSchemas.delete.mutationOptions({ onSuccess: () => void schemas.refetch() }));
  const close = () => {
    setRemoving(null);
    remove.reset();
  };
  const columns: Column<TopicSchema>[] = [
    {
      id: "topic",
      header: "Topic",
      rowHeader: true,
      cell: (schema) => <code className="break-all font-mono text-xs">{schema.topic}</code>,
    },
    { id: "size", header: "Size", hideBelow: "md", cell: (schema) => formatBytes(utf8Bytes(schema.schema)) },
    {
      id: "changed",
      header: "Changed",
      cell: (schema) => (
        <>
          <Relative value={schema.updatedAt} />
          <span className="block text-muted text-xs">{schema.updatedBy}</span>
        </>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (schema) => (
        <span className="inline-flex gap-2">
          <Button
            size="sm"
            aria-label={`${may("settings:edit") ? "Edit" : "View"} ${schema.topic}`}
            onClick={() => setEditing(schema)}
          >
            {may("settings:edit") ? "Edit" : "View"}
          </Button>
          <IfMay right="settings:edit">
            <Button size="sm" aria-label={`Remove ${schema.topic}`} onClick={() => setRemoving(schema)}>
              Remove
            </Button>
          </IfMay>
        </span>
      ),
    },
  ];
  return (
    <section aria-label={TITLE} className="flex max-w-5xl flex-col gap-3">
      <SectionHeader
        title={TITLE}
        help="A payload is checked against the schema of its topic when its schedule is created, and when the payload or the topic changes, also in a replay. This applies to the dashboard, the API, the clients and the delayed topic."
        action={
          <IfMay right="settings:edit">
            <Button variant="primary" icon={<Braces aria-hidden />} onClick={() => setEditing("new")}>
              New payload schema
            </Button>
          </IfMay>
        }
      />
      <DataTable
        caption={TITLE}
        columns={columns}
        rows={schemas.data?.items}
        rowId={(schema) => schema.topic}
        empty={
          <EmptyState icon={<Braces />} title="No payload schemas yet">
            Without a schema, a payload may be any JSON object.
          </EmptyState>
        }
        error={
          schemas.error ? (
            <LoadError error={schemas.error} onRetry={() => void schemas.refetch()} retrying={schemas.isFetching} />
          ) : null
        }
      />
      {editing ? (
        <TopicSchemaDialog
          current={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => void schemas.refetch()}
        />
      ) : null}
      {removing ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && close()}
          title={`Remove the payload schema of ${removing.topic}?`}
          description="Payloads of this topic are no longer checked. Existing schedules do not change."
          confirmLabel="Remove schema"
          onConfirm={() => remove.mutate({ topic: removing.topic }, { onSuccess: close })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </section>
  );
}
