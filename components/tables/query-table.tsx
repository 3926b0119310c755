"use client";

import { useMemo } from "react";
import { LoadError } from "~/components/queries/load-error";
import { LastKnown } from "~/components/queries/query-tile";
import { pluralOf } from "~/components/ui/format";
import { DataTable, type DataTableProps } from "./data-table";
import { ShownRows } from "./shown-rows";

export interface TableQuery {
  error: unknown;
  isFetching: boolean;
  /** Epoch ms; 0 before the first data. */
  dataUpdatedAt: number;
  /** The rows belong to the previous input, and new rows are loading. */
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

export interface QueryTableProps<Row> extends Omit<DataTableProps<Row>, "error" | "refreshing"> {
  query: TableQuery;
  /** What one row is called, in the singular: "dead letter". */
  noun: string;
}

/**
 * A table over one query, with keyboard navigation. If a refetch fails, the last rows stay below a callout with the
 * error and the time of the last answer.
 */
export function QueryTable<Row>({ query, noun, ...table }: QueryTableProps<Row>) {
  const { rows, rowId } = table;
  const ids = useMemo(() => rows?.map(rowId) ?? [], [rows, rowId]);
  return (
    <ShownRows value={ids}>
      <DataTable
        {...table}
        refreshing={query.isPlaceholderData}
        error={
          query.error && rows ? (
            <LastKnown query={query} className="m-3" />
          ) : query.error ? (
            <LoadError
              error={query.error}
              title={`The ${pluralOf(noun)} could not be loaded`}
              onRetry={() => void query.refetch()}
              retrying={query.isFetching}
            />
          ) : null
        }
        keyboard
      />
    </ShownRows>
  );
}
