"use client";

import { type ReactNode, useState } from "react";
import { Button } from "~/components/ui/button";
import type { Page } from "~/server/domain/views";
import { CursorPager } from "./cursor-pager";
import { useHeldRows } from "./held-rows";
import { QueryTable, type QueryTableProps, type TableQuery } from "./query-table";
import { type CursorPages, useCursorPages } from "./use-cursor-pages";

/**
 * A list with cursor pages. With a `listKey`, rows of that key stay in place while the pointer or the focus is among
 * them, and new ones wait behind a button.
 */
export function LiveList<Row>({
  query,
  pages,
  listKey,
  onOpen,
  selectionBar,
  ...table
}: Omit<QueryTableProps<Row>, "query" | "rows" | "onOpen"> & {
  query: TableQuery & { data: Page<Row> | undefined };
  pages: CursorPages;
  listKey?: string;
  /** `shown` are the rows on the page, in their order. */
  onOpen: (row: Row, shown: readonly Row[]) => void;
  /** Between the table and the pager. */
  selectionBar?: ReactNode;
}) {
  const { data } = query;
  const [engaged, setEngaged] = useState(false);
  const held = useHeldRows({
    rows: data?.items,
    listKey: listKey ?? "",
    engaged: engaged && listKey !== undefined,
    isPlaceholder: query.isPlaceholderData,
    id: table.rowId,
  });
  const steps = useCursorPages(pages);
  return (
    <>
      <div aria-live="polite" className="flex justify-center">
        {held.fresh > 0 ? (
          <Button size="sm" className="mb-2" onClick={held.show}>
            Show {held.fresh} new
          </Button>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only tracks pointer and focus */}
      <div
        onPointerEnter={() => setEngaged(true)}
        onPointerLeave={() => setEngaged(false)}
        onFocus={() => setEngaged(true)}
        onBlur={() => setEngaged(false)}
      >
        <QueryTable {...table} query={query} rows={held.rows} onOpen={(row) => onOpen(row, held.rows ?? [])} />
      </div>
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
