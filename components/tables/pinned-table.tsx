"use client";

import { useState } from "react";
import { Button } from "~/components/ui/button";
import { usePinnedRows } from "./pinned-rows";
import { QueryTable, type QueryTableProps } from "./query-table";

export interface PinnedTableProps<Row> extends Omit<QueryTableProps<Row>, "onOpen"> {
  listKey?: string;
  /** New rows come first and push others to the next page, so a row that is missing here may be there. */
  isPaged?: boolean;
  /** `shown` are the rows on the page, in their order. */
  onOpen: (row: Row, shown: readonly Row[]) => void;
}

/**
 * A table over one query. With a `listKey`, which identifies its filter and page, the rows stay in place while rows are
 * selected, or the pointer or the focus is in the table, and a button shows the new rows. A new key replaces the rows
 * at once.
 */
export function PinnedTable<Row>({ query, rows, listKey, isPaged = false, onOpen, ...table }: PinnedTableProps<Row>) {
  const [engaged, setEngaged] = useState(false);
  const pinned = usePinnedRows({
    rows,
    listKey: listKey ?? "",
    engaged: (engaged || (table.selected?.size ?? 0) > 0) && listKey !== undefined,
    isPlaceholder: query.isPlaceholderData,
    id: table.rowId,
    isPaged,
  });
  return (
    <>
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
    </>
  );
}
