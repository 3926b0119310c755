"use client";

import { LoadError } from "~/components/queries/load-error";
import { DataTable, type DataTableProps } from "./data-table";

/** The state of a query that a table shows. */
export interface TableQuery {
  error: unknown;
  isFetching: boolean;
  /** The rows are of the input before: newer ones are on their way. */
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

export interface QueryTableProps<Row> extends Omit<DataTableProps<Row>, "error" | "refreshing"> {
  query: TableQuery;
  /** Of a row, in the singular: "dead letter". */
  noun: string;
}

/** A table over one query: its error with a retry, and a bar while newer rows load. Answers to the keyboard. */
export function QueryTable<Row>({ query, noun, ...table }: QueryTableProps<Row>) {
  return (
    <DataTable
      {...table}
      refreshing={query.isPlaceholderData}
      error={
        query.error ? (
          <LoadError
            error={query.error}
            title={`The ${noun}s could not be loaded`}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : null
      }
      keyboard
    />
  );
}
