"use client";

import { type ReactNode, useState } from "react";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import type { Page } from "~/server/domain/views";
import { CursorPager } from "./cursor-pager";
import { usePinnedRows } from "./pinned-rows";
import { QueryTable, type QueryTableProps, type TableQuery } from "./query-table";
import { type CursorPages, useCursorPages } from "./use-cursor-pages";

/**
 * A list with cursor pages. `listKey` identifies its filter and page. With a `listKey`, the rows stay in place while
 * rows are selected, or the pointer or the focus is in the list, and a button shows the new rows. A new key replaces
 * the rows at once.
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
  const pinned = usePinnedRows({
    rows: data?.items,
    listKey: listKey ?? "",
    engaged: (engaged || (table.selected?.size ?? 0) > 0) && listKey !== undefined,
    isPlaceholder: query.isPlaceholderData,
    id: table.rowId,
  });
  const steps = useCursorPages(pages);
  return (
    <>
      {data?.isRecordedOnly ? <RecordedOnly /> : null}
      <div aria-live="polite" className="flex justify-center">
        {pinned.newCount > 0 ? (
          <Button size="sm" className="mb-2" onClick={pinned.show}>
            Show {pinned.newCount} new
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
        <QueryTable {...table} query={query} rows={pinned.rows} onOpen={(row) => onOpen(row, pinned.rows ?? [])} />
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

function RecordedOnly() {
  return (
    <Callout tone="warning" live className="mb-3">
      Redis does not respond. These rows are as ClickHouse last recorded them: newer changes and results are missing.
    </Callout>
  );
}
