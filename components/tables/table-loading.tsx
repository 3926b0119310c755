"use client";

import type { ReactNode } from "react";
import { PageHeader } from "~/components/ui/page-header";
import { Skeleton } from "~/components/ui/skeleton";
import { DataTable } from "./data-table";

/** A page of a list before its data: title, filters and skeleton rows. `children` stand between filters and rows. */
export function TableLoading({
  title,
  columns,
  tabs = false,
  filters = true,
  children,
}: {
  title: string;
  columns: readonly string[];
  tabs?: boolean;
  filters?: boolean;
  children?: ReactNode;
}) {
  return (
    <>
      <PageHeader title={title} />
      {tabs ? <Skeleton className="mb-3 h-9 w-80 max-w-full" /> : null}
      {filters ? <Skeleton className="mb-3 h-8 w-full max-w-xl" /> : null}
      {children}
      <DataTable
        caption={title}
        columns={columns.map((header) => ({ id: header, header, cell: () => null }))}
        rows={undefined}
        rowId={() => ""}
      />
    </>
  );
}
