"use client";

import { ArrowUpRight, ChartNoAxesColumn, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cn } from "~/components/ui/cn";
import { ErrorState } from "~/components/ui/error-state";
import { IconButton } from "~/components/ui/icon-button";
import { Link } from "~/components/ui/link";
import { Skeleton } from "~/components/ui/skeleton";
import { Table, TableBody, TableCell, TableColumns, TableRow, TableRowHeader } from "~/components/ui/table";
import { Tooltip } from "~/components/ui/tooltip";

/** The data of a chart as a table. The first cell of a row is its name. */
export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

export interface ChartFrameProps {
  title: string;
  description?: ReactNode;
  /** The chart in one or two sentences, for screen readers and for a quick look. */
  summary: ReactNode;
  /** May only be left out if the chart itself is a table or a list. */
  table?: ChartTable;
  loading?: boolean;
  /** Dims the previous chart while new data loads. */
  refreshing?: boolean;
  error?: { message: string; requestId?: string | null } | null;
  onRetry?: () => void;
  /** Link to the rows behind the chart. */
  drillHref?: string;
  drillLabel?: string;
  /** Shown instead of empty axes. */
  empty?: ReactNode;
  legend?: ReactNode;
  actions?: ReactNode;
  /** Height of the drawing in px, kept while loading. */
  height?: number;
  className?: string;
  children: ReactNode;
}

/** The frame of a chart: title, summary, table view, and loading, empty and error states. */
export function ChartFrame({
  title,
  description,
  summary,
  table,
  loading,
  refreshing,
  error,
  onRetry,
  drillHref,
  drillLabel = "Open in executions",
  empty,
  legend,
  actions,
  height = 220,
  className,
  children,
}: ChartFrameProps) {
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const ready = !loading && !error && !empty;
  return (
    <figure
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-summary`}
      aria-busy={loading || refreshing || undefined}
      className={cn("flex min-w-0 flex-col rounded-lg border bg-surface shadow-card", className)}
    >
      <figcaption className="flex items-start justify-between gap-3 px-4 pt-3">
        <div className="min-w-0">
          <h2 id={`${id}-title`} className="font-semibold text-base">
            {title}
          </h2>
          {description ? <p className="text-muted text-xs">{description}</p> : null}
        </div>
        <div className="flex shrink-0 items-center gap-0.5">
          {actions}
          {table && ready ? (
            <IconButton
              size="sm"
              label={asTable ? "View as chart" : "View as table"}
              icon={asTable ? <ChartNoAxesColumn aria-hidden /> : <Table2 aria-hidden />}
              onClick={() => setAsTable(!asTable)}
            />
          ) : null}
          {drillHref ? (
            <Tooltip content={drillLabel}>
              <Link
                href={drillHref}
                aria-label={`${title}: ${drillLabel.toLowerCase()}`}
                className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
              >
                <ArrowUpRight aria-hidden className="size-4" />
              </Link>
            </Tooltip>
          ) : null}
        </div>
      </figcaption>
      {loading ? (
        <div role="status" className="px-4 pb-4">
          <span className="sr-only">Loading {title}</span>
          <Skeleton className="mb-2 w-1/2" />
          {legend ? <Skeleton className="my-3 w-2/3" /> : null}
          <div style={{ height }}>
            <Skeleton className="h-full w-full bg-sunken" />
          </div>
        </div>
      ) : null}
      {error && !loading ? (
        <ErrorState message={error.message} requestId={error.requestId} onRetry={onRetry} className="py-6" />
      ) : null}
      {empty && !loading && !error ? (
        <div style={{ minHeight: height }} className="flex items-center justify-center p-4 text-muted text-sm">
          {empty}
        </div>
      ) : null}
      {ready ? (
        <>
          <p id={`${id}-summary`} className="px-4 pb-2 text-muted text-xs">
            {summary}
          </p>
          {asTable && table ? (
            <ChartDataTable table={table} caption={title} maxHeight={height} />
          ) : (
            <div className={cn("flex flex-1 flex-col gap-2 px-4 pb-4", refreshing && "opacity-60")}>
              {legend}
              {children}
            </div>
          )}
        </>
      ) : null}
    </figure>
  );
}

/** Added to the height of the table view, because the table view has no legend. */
const LEGEND_HEIGHT_PX = 40;

function ChartDataTable({ table, caption, maxHeight }: { table: ChartTable; caption: string; maxHeight: number }) {
  return (
    <div
      className="relative overflow-y-auto border-t [--table-edge:1rem]"
      style={{ maxHeight: maxHeight + LEGEND_HEIGHT_PX }}
    >
      <Table caption={caption} wrapperClassName="overflow-x-visible">
        <TableColumns
          columns={table.columns.map((label, index) => ({ label, className: index > 0 ? "text-right" : "" }))}
        />
        <TableBody>
          {table.rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: chart rows have no id
            <TableRow key={line} className="[tbody>&]:h-8">
              {row.map((cell, index) =>
                index === 0 ? (
                  <TableRowHeader key={table.columns[index]} className="whitespace-nowrap font-normal">
                    {cell}
                  </TableRowHeader>
                ) : (
                  <TableCell key={table.columns[index]} className="text-right">
                    {cell}
                  </TableCell>
                ),
              )}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
