import type { CSSProperties, ReactNode } from "react";
import { cn } from "~/components/ui/cn";

export interface Column<Row> {
  id: string;
  /** Plain text, also used as the name of the sort button and as the label in a card. */
  header: string;
  /** If it returns null, that row's card has no such cell. */
  cell: (row: Row) => ReactNode;
  sortable?: boolean;
  align?: "left" | "right";
  /** Hidden in a table narrower than this: 40, 54 or 67 rem. Cards are not affected. */
  hideBelow?: "md" | "lg" | "xl";
  /**
   * Place in a card, below 640 px: the top right corner, a line without label, or not shown. By default the row header
   * is the title, a column with `hideHeader` is in the corner, and each other column is a line with its label.
   */
  card?: "corner" | "line" | "none";
  /** The cell is the name of the row for screen readers. Set it for one column. */
  rowHeader?: boolean;
  /** Shows the header to screen readers only, for example for a column of buttons. */
  hideHeader?: boolean;
  className?: string;
  /** px; by default as wide as the content needs. Cards are not affected. */
  width?: number;
}

// Relative to the table's width, because the sidebar's width varies.
const HIDE = {
  md: "sm:@max-[40rem]:hidden",
  lg: "sm:@max-[54rem]:hidden",
  xl: "sm:@max-[67rem]:hidden",
} as const;

const CARD = {
  title: "max-sm:col-start-2 max-sm:row-start-1",
  corner: "max-sm:col-start-3 max-sm:row-start-1 max-sm:justify-self-end",
  line: "max-sm:col-span-2 max-sm:col-start-2",
  none: "max-sm:hidden",
  // Generated content, so that the label is not part of the cell's text.
  labelled: cn(
    "max-sm:col-span-2 max-sm:col-start-2 max-sm:flex max-sm:items-baseline max-sm:gap-2 max-sm:text-left",
    "max-sm:before:w-24 max-sm:before:shrink-0 max-sm:before:text-muted max-sm:before:text-xs max-sm:before:content-[attr(data-label)]",
  ),
} as const;

function cardPlace<Row>(column: Column<Row>): keyof typeof CARD {
  return column.card ?? (column.rowHeader ? "title" : column.hideHeader ? "corner" : "labelled");
}

/** Classes of every cell of a column, and of its header. */
export function columnClasses<Row>(column: Column<Row>): string {
  return cn(column.align === "right" && "text-right", column.hideBelow && HIDE[column.hideBelow], column.className);
}

/** The chosen width of a column's cells. */
export function columnStyle<Row>({ width, rowHeader }: Column<Row>, asCards: boolean): CSSProperties | undefined {
  if (width === undefined || asCards) return undefined;
  // The row header's edge shadow lies outside of its cell. The header's content has its own styles that truncate it.
  return { width, minWidth: width, maxWidth: width, overflow: rowHeader ? undefined : "hidden" };
}

/** Classes of a cell's place in a card. */
export function cardClasses<Row>(column: Column<Row>, content: ReactNode): string {
  return cn(
    "max-sm:border-b-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0",
    content === null ? CARD.none : CARD[cardPlace(column)],
  );
}

const EDGE_SHADOW =
  "after:pointer-events-none after:absolute after:inset-y-0 after:w-2 after:from-black/10 after:to-transparent after:opacity-0 sm:z-1 dark:after:from-black/60";

/** Opaque backgrounds for each state of the row, because other cells scroll under the sticky cells. */
const OPAQUE = "sm:bg-surface sm:group-hover/row:bg-sunken sm:group-data-picked/row:bg-accent-soft";

/** Repeats the row's focus ring, because the opaque cells cover it. The bottom border becomes a part of the ring. */
const RING =
  "sm:group-focus-visible/row:border-b-ring sm:group-focus-visible/row:[box-shadow:inset_0_2px_var(--ring),inset_0_var(--ring-bottom)_var(--ring),inset_var(--ring-side,0)_0_var(--ring)]";
const RING_LEFT = "[--ring-side:2px]";
const RING_RIGHT = "[--ring-side:-2px]";

/** Classes of cells that stay in view. A shadow shows that columns are scrolled out of view. */
export const STICKY = {
  checkbox: cn(OPAQUE, RING, RING_LEFT, "sm:sticky sm:left-0 sm:z-1 sm:group-last/row:rounded-bl-lg"),
  first: cn(
    EDGE_SHADOW,
    OPAQUE,
    RING,
    "sm:sticky left-0 after:left-full after:bg-linear-to-r sm:group-data-before/scroll:after:opacity-100",
  ),
  last: cn(
    EDGE_SHADOW,
    OPAQUE,
    RING,
    RING_RIGHT,
    "sm:sticky right-0 sm:group-last/row:rounded-br-lg after:right-full after:bg-linear-to-l sm:group-data-after/scroll:after:opacity-100",
  ),
} as const;

/** The classes of a sticky column; undefined for any other column. */
export function stickyAt<Row>({
  index,
  columns,
  selectable,
}: {
  index: number;
  columns: readonly Column<Row>[];
  selectable: boolean;
}): string | undefined {
  if (index === 0) return cn(STICKY.first, selectable ? "sm:left-9" : cn(RING_LEFT, "sm:group-last/row:rounded-bl-lg"));
  return index === columns.length - 1 && columns[index]?.hideHeader ? STICKY.last : undefined;
}
