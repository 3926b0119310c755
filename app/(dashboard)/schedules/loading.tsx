"use client";

import { DataTable } from "~/components/tables/data-table";
import { PageHeader } from "~/components/ui/page-header";
import { Skeleton } from "~/components/ui/skeleton";

const COLUMNS = ["Name", "Cadence", "Next run", "Last run", "Recent"].map((header) => ({
  id: header,
  header,
  cell: () => null,
}));

export default function Loading() {
  return (
    <>
      <PageHeader title="Schedules" />
      <Skeleton className="mb-3 h-9 w-80" />
      <Skeleton className="mb-3 h-8 w-full max-w-xl" />
      <DataTable caption="Schedules" columns={COLUMNS} rows={undefined} rowId={() => ""} />
    </>
  );
}
