"use client";

import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Checkbox } from "~/components/ui/checkbox";
import { cn } from "~/components/ui/cn";
import { SkeletonRows } from "~/components/ui/skeleton";
import { TableCell, TableHeader } from "~/components/ui/table";
import { useFitsWidth } from "./fits-width";
import { useRowKeys } from "./row-keys";

export interface Column<Row> {
  id: string;
  /** Plain text: also the accessible name of the sort button. */
  header: string;
  cell: (row: Row) => ReactNode;
  sortable?: boolean;
  align?: "left" | "right";
  /** Hidden in viewports narrower than this. */
  hideBelow?: "sm" | "md" | "lg" | "xl";
  /** Names the row for screen readers; give it to one column. */
  rowHeader?: boolean;
  /** Keeps the header for screen readers only: columns of buttons. */
  hideHeader?: boolean;
  className?: string;
}

export interface Sort {
  id: string;
  desc: boolean;
}

export interface DataTableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  /** Undefined before the first load: skeleton rows. */
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  sort?: Sort | null;
  /** Called with the next sort: a column ascending, then descending. */
  onSortChange?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  /** Shift-click selects a range. */
  onSelectedChange?: (selected: ReadonlySet<string>) => void;
  /** Names a row in its checkbox's label. */
  rowLabel?: (row: Row) => string;
  /** Enter on the row, or a click beside its links and buttons. */
  onOpen?: (row: Row) => void;
  /** Shows a thin bar above the current rows. */
  refreshing?: boolean;
  /** Shown if there are no rows. */
  empty?: ReactNode;
  /** Shown above the previous rows, or instead of rows. */
  error?: ReactNode;
  skeletonRows?: number;
  /** j, k, Enter and x; at most one table of a page. */
  keyboard?: boolean;
  rowClassName?: (row: Row) => string | undefined;
  className?: string;
}

const HIDE = {
  sm: "max-sm:hidden",
  md: "max-md:hidden",
  lg: "max-lg:hidden",
  xl: "max-xl:hidden",
} as const;

function cellClasses<Row>(column: Column<Row>): string {
  return cn(column.align === "right" && "text-right", column.hideBelow && HIDE[column.hideBelow], column.className);
}

/** A table over rows that the server sorted and paged. The caller owns all state; selection is by row id. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, selected, onSelectedChange, error, empty } = props;
  const { ref, fits } = useFitsWidth();
  const selectable = selected !== undefined && onSelectedChange !== undefined;
  const width = columns.length + (selectable ? 1 : 0);
  const nothing = rows?.length === 0 || (rows === undefined && Boolean(error));

  return (
    <div className={cn("relative min-w-0 rounded-lg border bg-surface shadow-card", props.className)}>
      {props.refreshing ? <RefreshBar /> : null}
      {error}
      {/* Only a table too wide scrolls in its own box: a scroller would hold the sticky header. */}
      <div ref={ref} className={cn("relative rounded-lg", !fits && "overflow-x-auto")} tabIndex={fits ? undefined : 0}>
        <table
          aria-busy={rows === undefined || props.refreshing || undefined}
          className="w-full border-separate border-spacing-0 text-left text-sm"
        >
          <caption className="sr-only">{props.caption}</caption>
          <HeaderRow {...props} sticky={fits} />
          <tbody>
            {rows === undefined && !error ? <SkeletonRows rows={props.skeletonRows ?? 10} columns={width} /> : null}
            <Rows {...props} />
          </tbody>
        </table>
      </div>
      {nothing && !error ? empty : null}
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

function HeaderRow<Row>({
  columns,
  rows,
  rowId,
  sort,
  onSortChange,
  selected,
  onSelectedChange,
  sticky,
}: DataTableProps<Row> & { sticky: boolean }) {
  const ids = rows?.map(rowId) ?? [];
  const picked = selected ? ids.filter((id) => selected.has(id)).length : 0;
  return (
    <thead
      className={cn(
        "[&_th:first-child]:rounded-tl-lg [&_th:last-child]:rounded-tr-lg [&_th]:bg-surface",
        sticky && "sticky top-(--topbar-height) z-10",
      )}
    >
      <tr>
        {selected && onSelectedChange ? (
          <TableHeader className="w-9 pr-0">
            <Checkbox
              aria-label={`Select all ${ids.length} on this page`}
              checked={picked > 0 && picked === ids.length}
              indeterminate={picked > 0 && picked < ids.length}
              disabled={ids.length === 0}
              onCheckedChange={(checked) => {
                const next = new Set(selected);
                for (const id of ids) checked ? next.add(id) : next.delete(id);
                onSelectedChange(next);
              }}
            />
          </TableHeader>
        ) : null}
        {columns.map((column) => {
          const sorted = sort?.id === column.id ? (sort.desc ? "descending" : "ascending") : undefined;
          return (
            <TableHeader key={column.id} aria-sort={sorted} className={cellClasses(column)}>
              {column.sortable && onSortChange ? (
                <SortButton
                  sorted={sorted}
                  label={column.header}
                  onClick={() => onSortChange({ id: column.id, desc: sorted === "ascending" })}
                />
              ) : (
                <span className={column.hideHeader ? "sr-only" : undefined}>{column.header}</span>
              )}
            </TableHeader>
          );
        })}
      </tr>
    </thead>
  );
}

function SortButton({
  sorted,
  label,
  onClick,
}: {
  sorted: "ascending" | "descending" | undefined;
  label: string;
  onClick: () => void;
}) {
  const Icon = sorted === "ascending" ? ArrowUp : sorted === "descending" ? ArrowDown : ChevronsUpDown;
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn("-mx-1 inline-flex h-6 items-center gap-1 rounded px-1 hover:text-ink", sorted && "text-ink")}
    >
      {label}
      <Icon aria-hidden className={cn("size-3", !sorted && "opacity-60")} />
    </button>
  );
}

function Rows<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowId, selected, onSelectedChange, onOpen } = props;
  const lastToggled = useRef<number | null>(null);
  const shiftHeld = useRef(false);
  const toggle = (index: number, range = false) => {
    if (!selected || !onSelectedChange || !rows?.[index]) return;
    const next = new Set(selected);
    const add = !next.has(rowId(rows[index]));
    const from = range && lastToggled.current !== null ? lastToggled.current : index;
    for (const row of rows.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      add ? next.add(rowId(row)) : next.delete(rowId(row));
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
    const picked = selected?.has(id);
    return (
      <tr
        key={id}
        {...keys.row(index)}
        aria-selected={selected ? picked : undefined}
        onClick={(event) => {
          const target = event.target as Element;
          // React events also bubble from a row's menu, which is rendered outside of the row.
          if (!event.currentTarget.contains(target)) return;
          if (!onOpen || target.closest("a, button, input, label, [role=checkbox]")) return;
          if (window.getSelection()?.isCollapsed !== false) onOpen(row);
        }}
        className={cn(
          "group/row h-(--row-height) scroll-mt-24 outline-offset-[-2px] hover:bg-sunken last:[&>*]:border-b-0",
          onOpen && "cursor-pointer",
          picked && "bg-accent-soft hover:bg-accent-soft",
          props.rowClassName?.(row),
        )}
      >
        {selected && onSelectedChange ? (
          <TableCell
            className="w-9 pr-0"
            onClickCapture={(event) => {
              shiftHeld.current = event.shiftKey;
            }}
            // Keep shift-click from selecting text.
            onMouseDown={(event) => event.shiftKey && event.preventDefault()}
          >
            <Checkbox
              aria-label={`Select ${props.rowLabel?.(row) ?? id}`}
              checked={picked}
              onCheckedChange={() => toggle(index, shiftHeld.current)}
            />
          </TableCell>
        ) : null}
        {columns.map((column) =>
          column.rowHeader ? (
            <th key={column.id} scope="row" className={cn("border-b px-3 py-1 font-normal", cellClasses(column))}>
              {column.cell(row)}
            </th>
          ) : (
            <TableCell key={column.id} className={cellClasses(column)}>
              {column.cell(row)}
            </TableCell>
          ),
        )}
      </tr>
    );
  });
}
