"use client";

import { Fragment, type ReactNode, useRef } from "react";
import { cn } from "~/components/ui/cn";
import { useNarrow } from "~/components/ui/media";
import { useScrollEdges } from "~/components/ui/scroll-edges";
import { SkeletonRows } from "~/components/ui/skeleton";
import { CELL_EDGES, TableCell } from "~/components/ui/table";
import { type Column, cardClasses, columnClasses, columnStyle, STICKY, stickyAt } from "./column";
import { HeaderRow, type Sort } from "./header-row";
import { RowCheckbox } from "./row-checkbox";
import { useRowKeys } from "./row-keys";

export interface DataTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  /** Undefined before the first load, while skeleton rows are shown. */
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  sort?: Sort | null;
  /** Called with the next sort: the first click on a column sorts ascending, the second click descending. */
  onSortChange?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  /** Called with all selected ids. Shift-click selects or clears a range. */
  onSelectedChange?: (selected: ReadonlySet<string>) => void;
  /** Makes the columns resizable. Called with a column's id and its width in px, or null for the automatic width. */
  onResize?: (id: string, px: number | null) => void;
  /** The name of a row in its checkbox's label. */
  rowLabel?: (row: Row) => string;
  /** Called on a click beside the row's links and buttons, and with `keyboard` on Enter. */
  onOpen?: (row: Row) => void;
  /** Shows a thin bar above the current rows. */
  refreshing?: boolean;
  empty?: ReactNode;
  /** Shown above the previous rows, or instead of rows. */
  error?: ReactNode;
  skeletonRows?: number;
  /** Enables the keys j, k, Enter and x, for at most one table of a page. */
  keyboard?: boolean;
  rowClassName?: (row: Row) => string | undefined;
  /** Shown below a row, as wide as the table; null for none. */
  details?: (row: Row) => { id: string; content: ReactNode } | null;
  className?: string;
}

/** A table of rows that are already sorted and paged. Below 640 px, the same elements are a list of cards. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, selected, onSelectedChange, error, empty } = props;
  const { ref, fits } = useScrollEdges();
  const asCards = useNarrow();
  const selectable = selected !== undefined && onSelectedChange !== undefined;
  const columnCount = columns.length + (selectable ? 1 : 0);
  const hasNoRows = rows?.length === 0 || (rows === undefined && Boolean(error));
  const busy = (rows === undefined && !error) || props.refreshing || undefined;

  return (
    <div className={cn("@container relative min-w-0 rounded-lg border bg-surface shadow-card", props.className)}>
      {props.refreshing ? <RefreshBar /> : null}
      {error}
      {/* Only a table that is too wide scrolls in its own container. Its header then cannot stick to the page. */}
      <div
        ref={ref}
        // Clips the rows' backgrounds at the round corners. A header inside can still stick to the page.
        className={cn(
          "group/scroll relative rounded-t-[7px]",
          // The note of an empty table is below this box.
          hasNoRows ? "" : "rounded-b-[7px]",
          fits ? "overflow-clip" : "overflow-x-auto",
        )}
        tabIndex={fits ? undefined : 0}
      >
        <table
          role={asCards ? "none" : undefined}
          aria-busy={asCards ? undefined : busy}
          className="w-full border-separate border-spacing-0 text-left text-sm max-sm:block"
        >
          <caption className="sr-only max-sm:hidden">{props.caption}</caption>
          <HeaderRow
            columns={columns}
            ids={rows?.map(props.rowId) ?? []}
            sort={props.sort}
            onSortChange={props.onSortChange}
            selected={selected}
            onSelectedChange={onSelectedChange}
            onResize={props.onResize}
            sticky={fits}
            asCards={asCards}
          />
          <tbody
            {...(asCards ? { role: "list", "aria-label": props.caption, "aria-busy": busy } : {})}
            className="max-sm:block"
          >
            {rows === undefined && !error ? (
              <SkeletonRows rows={props.skeletonRows ?? 10} columns={columnCount} />
            ) : null}
            <Rows {...props} asCards={asCards} />
          </tbody>
        </table>
      </div>
      {hasNoRows && !error ? empty : null}
      {rows === undefined && !error ? (
        <span role="status" className="sr-only">
          Loading
        </span>
      ) : null}
    </div>
  );
}

function RefreshBar() {
  return (
    <div aria-hidden className="absolute inset-x-0 top-0 z-20 h-0.5 overflow-hidden rounded-t-lg">
      <div className="h-full w-1/3 animate-indeterminate bg-accent" />
    </div>
  );
}

function Rows<Row>(props: DataTableProps<Row> & { asCards: boolean }) {
  const { columns, rows, rowId, selected, onSelectedChange, onOpen, asCards } = props;
  const selectable = selected !== undefined && onSelectedChange !== undefined;
  const lastToggled = useRef<number | null>(null);
  const shiftHeld = useRef(false);
  const toggle = (index: number, range = false) => {
    if (!selected || !onSelectedChange || !rows?.[index]) return;
    const next = new Set(selected);
    const add = !next.has(rowId(rows[index]));
    const from = range && lastToggled.current !== null ? lastToggled.current : index;
    for (const row of rows.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (add) next.add(rowId(row));
      else next.delete(rowId(row));
    }
    lastToggled.current = index;
    onSelectedChange(next);
  };
  const keys = useRowKeys({
    count: rows?.length ?? 0,
    enabled: props.keyboard ?? false,
    onOpen: onOpen && ((index) => rows?.[index] && onOpen(rows[index])),
    onToggle: onSelectedChange && ((index) => toggle(index)),
  });
  return rows?.map((row, index) => {
    const id = rowId(row);
    const isSelected = selected?.has(id);
    const details = props.details?.(row);
    return (
      <Fragment key={id}>
        <tr
          data-row={id}
          {...keys.row(index)}
          role={asCards ? "listitem" : undefined}
          data-picked={isSelected || undefined}
          aria-selected={selected && !asCards ? isSelected : undefined}
          onClick={(event) => {
            const target = event.target as Element;
            // React events also bubble from a row's menu, which is rendered outside of the row.
            if (!event.currentTarget.contains(target)) return;
            if (!onOpen || target.closest("a, button, input, label")) return;
            if (window.getSelection()?.isCollapsed !== false) onOpen(row);
          }}
          className={cn(
            "group/row h-(--row-height) scroll-mt-24 outline-offset-[-2px] hover:bg-sunken last:[&>*]:border-b-0",
            // The bottom edge of the ring in sticky cells, without their border.
            "[--ring-bottom:-1px] last:[--ring-bottom:-2px]",
            "max-sm:grid max-sm:h-auto max-sm:grid-cols-[auto_minmax(0,1fr)_auto] max-sm:gap-y-1 max-sm:border-b max-sm:px-[var(--table-edge,0.75rem)] max-sm:py-3 max-sm:last:rounded-b-lg max-sm:last:border-b-0",
            onOpen && "cursor-pointer",
            isSelected && "bg-accent-soft hover:bg-accent-soft",
            props.rowClassName?.(row),
          )}
        >
          {selectable ? (
            <TableCell
              role={asCards ? "none" : undefined}
              className={cn(
                "w-9 pr-0 max-sm:w-auto max-sm:border-b-0 max-sm:p-0 max-sm:pt-0.5 max-sm:pr-1 max-sm:first:pl-0",
                STICKY.checkbox,
              )}
              onClickCapture={(event) => {
                shiftHeld.current = event.shiftKey;
              }}
              // Keep shift-click from selecting text.
              onMouseDown={(event) => event.shiftKey && event.preventDefault()}
            >
              {/* Fixes the cell's width, because the sticky name column begins at a fixed distance from the edge. */}
              <span className="flex w-6">
                <RowCheckbox
                  label={`Select ${props.rowLabel?.(row) ?? id}`}
                  checked={isSelected ?? false}
                  onCheckedChange={() => toggle(index, shiftHeld.current)}
                />
              </span>
            </TableCell>
          ) : null}
          {columns.map((column, at) => (
            <Cell
              key={column.id}
              column={column}
              content={column.cell(row)}
              asCards={asCards}
              className={stickyAt({ index: at, columns, selectable })}
            />
          ))}
        </tr>
        {details ? (
          <tr id={details.id} role={asCards ? "listitem" : undefined} className="max-sm:block last:[&>*]:border-b-0">
            <td
              role={asCards ? "none" : undefined}
              colSpan={columns.length + (selectable ? 1 : 0)}
              className="border-b bg-sunken p-0 max-sm:block max-sm:pl-3 sm:pl-9"
            >
              {details.content}
            </td>
          </tr>
        ) : null}
      </Fragment>
    );
  });
}

function Cell<Row>({
  column,
  content,
  asCards,
  className,
}: {
  column: Column<Row>;
  content: ReactNode;
  asCards: boolean;
  className: string | undefined;
}) {
  const classes = cn(columnClasses(column), className, cardClasses(column, content));
  const role = asCards ? "none" : undefined;
  const style = columnStyle(column, asCards);
  if (column.rowHeader) {
    return (
      <th
        role={role}
        scope="row"
        style={style}
        className={cn(CELL_EDGES, "border-b px-3 py-(--cell-padding) font-normal", classes)}
      >
        {content}
      </th>
    );
  }
  return (
    <TableCell role={role} data-label={column.header} style={style} className={classes}>
      {content}
    </TableCell>
  );
}
