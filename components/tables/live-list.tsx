"use client";

import type { ReactNode } from "react";
import { Callout } from "~/components/ui/callout";
import type { Page } from "~/server/domain/views";
import { CursorPager } from "./cursor-pager";
import { PinnedTable, type PinnedTableProps } from "./pinned-table";
import type { TableQuery } from "./query-table";
import { type CursorPages, useCursorPages } from "./use-cursor-pages";

/** A list with cursor pages. With a `listKey`, its rows stay in place while the user works in them (`PinnedTable`). */
export function LiveList<Row>({
  query,
  pages,
  selectionBar,
  ...table
}: Omit<PinnedTableProps<Row>, "query" | "rows" | "isPaged"> & {
  query: TableQuery & { data: Page<Row> | undefined };
  pages: CursorPages;
  /** Between the table and the pager. */
  selectionBar?: ReactNode;
}) {
  const { data } = query;
  const steps = useCursorPages(pages);
  return (
    <>
      {data?.isRecordedOnly ? <RecordedOnly /> : null}
      <PinnedTable {...table} query={query} rows={data?.items} isPaged />
      {selectionBar}
      {data && (data.items.length > 0 || pages.cursor !== null) ? (
        <CursorPager
          shown={data.items.length}
          total={data.total}
          totalCapped={!data.totalIsExact}
          noun={table.noun}
          loading={query.isPlaceholderData}
          onPrevious={steps.previous}
          onNext={steps.next(data.nextCursor)}
        />
      ) : null}
    </>
  );
}

function RecordedOnly() {
  return (
    <Callout tone="warning" live className="mb-3">
      Redis does not respond. These rows are as ClickHouse last recorded them: newer changes and results are missing.
    </Callout>
  );
}
