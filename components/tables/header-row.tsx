import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { Checkbox } from "~/components/ui/checkbox";
import { cn } from "~/components/ui/cn";
import { TableHeader } from "~/components/ui/table";
import { type Column, columnClasses, STICKY, stickyAt } from "./column";

export interface Sort {
  id: string;
  desc: boolean;
}

/** Above cards only "select all" and the sort buttons are left of the header. */
export function HeaderRow<Row>({
  columns,
  ids,
  sort,
  onSortChange,
  selected,
  onSelectedChange,
  sticky,
  asCards,
}: {
  columns: readonly Column<Row>[];
  /** Of the rows on this page. */
  ids: readonly string[];
  sort?: Sort | null;
  onSortChange?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelectedChange?: (selected: ReadonlySet<string>) => void;
  sticky: boolean;
  asCards: boolean;
}) {
  const picked = selected ? ids.filter((id) => selected.has(id)).length : 0;
  const selectable = selected !== undefined && onSelectedChange !== undefined;
  const sorts = (column: Column<Row>) => column.sortable && onSortChange !== undefined;
  const role = asCards ? "none" : undefined;
  return (
    <thead
      role={role}
      className={cn(
        "[&_th:first-child]:rounded-tl-lg [&_th:last-child]:rounded-tr-lg [&_th]:bg-surface",
        "max-sm:[&_th]:block max-sm:[&_th]:h-auto max-sm:[&_th]:border-0 max-sm:[&_th]:px-0",
        selectable || columns.some(sorts) ? "max-sm:block max-sm:border-b max-sm:px-3 max-sm:py-2" : "max-sm:hidden",
        sticky && "sm:sticky sm:top-(--topbar-height) sm:z-10",
      )}
    >
      <tr role={role} className="max-sm:flex max-sm:items-center max-sm:gap-4">
        {selectable ? (
          <TableHeader
            role={role}
            className={cn("w-9 pr-0 max-sm:flex! max-sm:w-auto max-sm:items-center", STICKY.checkbox)}
          >
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
            {columns.some(sorts) ? null : (
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
              aria-sort={asCards ? undefined : sorted}
              className={cn(
                columnClasses(column),
                stickyAt({ index, columns, selectable }),
                !sorts(column) && "max-sm:hidden!",
              )}
            >
              {sorts(column) ? (
                <SortButton
                  sorted={sorted}
                  label={column.header}
                  onClick={() => onSortChange?.({ id: column.id, desc: sorted === "ascending" })}
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
      {/* Above cards no header says it with aria-sort. */}
      {sorted ? <span className="sr-only sm:hidden">, sorted {sorted}</span> : null}
      <Icon aria-hidden className={cn("size-3", !sorted && "opacity-60")} />
    </button>
  );
}
