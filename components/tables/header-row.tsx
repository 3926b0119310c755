import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { cn } from "~/components/ui/cn";
import { TableHeader } from "~/components/ui/table";
import { type Column, columnClasses, columnStyle, STICKY, stickyAt } from "./column";
import { ResizeHandle } from "./resize-handle";
import { RowCheckbox } from "./row-checkbox";

export interface Sort {
  id: string;
  desc: boolean;
}

/** The header of a table. On narrow screens, where rows are cards, it shows only "select all" and the sort buttons. */
export function HeaderRow<Row>({
  columns,
  ids,
  sort,
  onSortChange,
  selected,
  onSelectedChange,
  onResize,
  sticky,
  asCards,
}: {
  columns: readonly Column<Row>[];
  /** The ids of the rows on this page. */
  ids: readonly string[];
  sort?: Sort | null;
  onSortChange?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelectedChange?: (selected: ReadonlySet<string>) => void;
  onResize?: (id: string, px: number | null) => void;
  sticky: boolean;
  asCards: boolean;
}) {
  const selectedCount = selected ? ids.filter((id) => selected.has(id)).length : 0;
  const selectable = selected !== undefined && onSelectedChange !== undefined;
  const canSelect = selectable && ids.length > 0;
  const isSortable = (column: Column<Row>) => column.sortable && onSortChange !== undefined;
  const role = asCards ? "none" : undefined;
  return (
    <thead
      role={role}
      className={cn(
        "[&_th]:bg-surface",
        "max-sm:[&_th]:block max-sm:[&_th]:h-auto max-sm:[&_th]:border-0 max-sm:[&_th]:px-0!",
        canSelect || columns.some(isSortable)
          ? "max-sm:block max-sm:border-b max-sm:px-[var(--table-edge,0.75rem)] max-sm:py-2"
          : "max-sm:hidden",
        sticky && "sm:sticky sm:top-(--topbar-height) sm:z-10",
      )}
    >
      <tr role={role} className="max-sm:flex max-sm:items-center max-sm:gap-4">
        {selectable ? (
          <TableHeader
            role={role}
            className={cn(
              "w-9 pr-0",
              // Without rows, only the sort buttons are left, which begin at the edge.
              canSelect ? "max-sm:flex! max-sm:w-auto max-sm:items-center" : "max-sm:hidden!",
              STICKY.checkbox,
            )}
          >
            {canSelect ? (
              <RowCheckbox
                label={`Select all ${ids.length} on this page`}
                checked={selectedCount === ids.length}
                indeterminate={selectedCount > 0 && selectedCount < ids.length}
                onCheckedChange={(checked) => {
                  const next = new Set(selected);
                  for (const id of ids) {
                    if (checked) next.add(id);
                    else next.delete(id);
                  }
                  onSelectedChange(next);
                }}
              />
            ) : (
              <span className="sr-only">Selection</span>
            )}
            {columns.some(isSortable) ? null : (
              <span aria-hidden className="pl-3 sm:hidden">
                All on this page
              </span>
            )}
          </TableHeader>
        ) : null}
        {columns.map((column, index) => {
          const sorted = sort?.id === column.id ? (sort.desc ? "descending" : "ascending") : undefined;
          return (
            <TableHeader
              key={column.id}
              role={role}
              data-column={column.id}
              aria-sort={asCards ? undefined : sorted}
              style={columnStyle(column, asCards)}
              className={cn(
                onResize && "relative",
                columnClasses(column),
                stickyAt({ index, columns, selectable }),
                !isSortable(column) && "max-sm:hidden!",
              )}
            >
              {isSortable(column) ? (
                <SortButton
                  sorted={sorted}
                  label={column.header}
                  onClick={() => onSortChange?.({ id: column.id, desc: sorted === "ascending" })}
                />
              ) : (
                <span className={column.hideHeader ? "sr-only" : undefined}>{column.header}</span>
              )}
              {onResize && !column.hideHeader && !asCards ? (
                <ResizeHandle header={column.header} width={column.width} onResize={(px) => onResize(column.id, px)} />
              ) : null}
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
      {/* Cards have no column header, so nothing announces aria-sort. */}
      {sorted ? <span className="sr-only sm:hidden">, sorted {sorted}</span> : null}
      <Icon aria-hidden className={cn("size-3", !sorted && "opacity-60")} />
    </button>
  );
}
