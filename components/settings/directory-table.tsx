import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { useState } from "react";
import { ActionError, LoadError } from "~/components/queries/load-error";
import type { Column } from "~/components/tables/column";
import { DataTable } from "~/components/tables/data-table";
import { Button } from "~/components/ui/button";
import { EmptyState } from "~/components/ui/empty-state";
import { SectionHeader } from "./section-header";

// Loaded on first use, to keep it out of the page's bundle.
const AlertDialog = dynamic(() => import("~/components/ui/alert-dialog").then((module) => module.AlertDialog));

interface Named {
  name: string;
  description: string;
}

/** A table of roles, namespaces or service accounts that can be created, changed and deleted. */
export function DirectoryTable<Row extends Named>({
  title,
  noun,
  help,
  emptyHelp,
  isMain = false,
  icon,
  query,
  columns,
  remove,
  dialog,
}: {
  title: string;
  noun: string;
  help: string;
  /** Why a user would create the first row. */
  emptyHelp: string;
  /** Whether this is the main table of its page. */
  isMain?: boolean;
  icon: ReactNode;
  query: { data?: { items: Row[] }; error: unknown; isFetching: boolean; refetch: () => unknown };
  columns: readonly Column<Row>[];
  /** Loads the query again after a success. */
  remove: {
    mutate: (input: { name: string }, options: { onSuccess: () => void }) => void;
    reset: () => void;
    isPending: boolean;
    error: unknown;
  };
  /** The dialog that changes a row, or that creates a row (null). */
  dialog: (row: Row | null, onClose: () => void) => ReactNode;
}) {
  const [editing, setEditing] = useState<Row | "new" | null>(null);
  const [deleting, setDeleting] = useState<Row | null>(null);
  const closeDelete = () => {
    setDeleting(null);
    remove.reset();
  };
  const allColumns: Column<Row>[] = [
    {
      id: "name",
      header: "Name",
      rowHeader: true,
      cell: (row) => (
        <>
          <span className="block font-medium">{row.name}</span>
          <span className="text-muted text-xs">{row.description}</span>
        </>
      ),
    },
    ...columns,
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      align: "right",
      cell: (row) => (
        <span className="flex justify-end gap-2">
          <Button size="sm" aria-label={`Edit ${row.name}`} onClick={() => setEditing(row)}>
            Edit
          </Button>
          <Button size="sm" aria-label={`Delete ${row.name}`} onClick={() => setDeleting(row)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
  return (
    <section aria-label={title} className="flex max-w-5xl flex-col gap-3">
      <SectionHeader
        title={title}
        help={help}
        action={
          <Button variant={isMain ? "primary" : "secondary"} icon={icon} onClick={() => setEditing("new")}>
            New {noun}
          </Button>
        }
      />
      <DataTable
        caption={title}
        columns={allColumns}
        rows={query.data?.items}
        rowId={(row) => row.name}
        empty={
          <EmptyState icon={icon} title={`No ${title.toLowerCase()} yet`}>
            {emptyHelp}
          </EmptyState>
        }
        error={
          query.error ? (
            <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
          ) : null
        }
      />
      {editing ? dialog(editing === "new" ? null : editing, () => setEditing(null)) : null}
      {deleting ? (
        <AlertDialog
          open
          onOpenChange={(open) => !open && closeDelete()}
          title={`Delete ${deleting.name}?`}
          description={`A ${noun} that is in use cannot be deleted.`}
          confirmLabel={`Delete ${noun}`}
          onConfirm={() => remove.mutate({ name: deleting.name }, { onSuccess: closeDelete })}
          loading={remove.isPending}
          error={remove.error ? <ActionError error={remove.error} /> : undefined}
        />
      ) : null}
    </section>
  );
}
