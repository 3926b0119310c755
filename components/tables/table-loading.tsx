import type { ReactNode } from "react";
import { PageHeader } from "~/components/ui/page-header";
import { Skeleton, SkeletonRows } from "~/components/ui/skeleton";
import { TableHeader } from "~/components/ui/table";

/**
 * A page with a list before its data: title, filters and skeleton rows. `children` are rendered between filters and
 * rows.
 */
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
      <SkeletonTable caption={title} columns={columns} />
    </>
  );
}

/** Looks like `DataTable` without rows. Rendered on the server, so that the browser loads no script for it. */
function SkeletonTable({ caption, columns }: { caption: string; columns: readonly string[] }) {
  return (
    <div className="@container relative min-w-0 rounded-lg border bg-surface shadow-card">
      <table aria-busy className="w-full border-separate border-spacing-0 text-left text-sm max-sm:block">
        <caption className="sr-only max-sm:hidden">{caption}</caption>
        <thead className="max-sm:hidden">
          <tr>
            {columns.map((header) => (
              <TableHeader key={header}>{header}</TableHeader>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          <SkeletonRows rows={10} columns={columns.length} />
        </tbody>
      </table>
      <span role="status" className="sr-only">
        Loading
      </span>
    </div>
  );
}
