import { useCallback } from "react";
import { cn } from "~/components/ui/cn";
import { formatCompact, NO_VALUE } from "~/components/ui/format";
import { Link } from "~/components/ui/link";
import { useScrollEdges } from "~/components/ui/scroll-edges";
import type { HeatmapCell } from "./prepare/heatmap";

// By level, 0 to 5. On every level, text has a contrast of at least 4.5:1 in both themes.
const LEVELS = [
  "bg-sunken text-subtle",
  "bg-accent/10",
  "bg-accent/20",
  "bg-accent/30",
  "bg-accent/40",
  "bg-accent/50",
];

/** Fades out a side, to show that the table scrolls. */
const FADE = "pointer-events-none absolute inset-y-0 w-8 from-surface to-transparent opacity-0";

/** The column of row names stays while the other columns scroll. */
const NAMES = "sticky left-0 z-10 bg-surface text-left font-normal";

/** A table with shaded cells. Each cell shows its number, a gap shows a dash. */
export function Heatmap({
  caption,
  matrix,
  rowLabels,
  columnLabels,
  corner,
  wideNames = false,
  startAtEnd = false,
  format = formatCompact,
  cellTitle,
  hrefOf,
}: {
  caption: string;
  matrix: readonly (readonly HeatmapCell[])[];
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  /** The header of the column of row names, such as "Day". */
  corner: string;
  /** Makes room for row names that are longer than a weekday. */
  wideNames?: boolean;
  /** Shows the last columns first if not all fit: for times, of which the newest come last. */
  startAtEnd?: boolean;
  format?: (value: number) => string;
  cellTitle?: (row: number, column: number, value: number | null) => string;
  /** Returns the link to the executions of a cell, or null. Cells without a count are never links. */
  hrefOf?: (row: number, column: number) => string | null;
}) {
  const { ref: edges } = useScrollEdges();
  const ref = useCallback(
    (box: HTMLElement | null) => {
      if (box && startAtEnd) box.scrollLeft = box.scrollWidth;
      return edges(box);
    },
    [edges, startAtEnd],
  );
  return (
    <div className="relative">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1) */}
      <div ref={ref} className="peer relative overflow-x-auto" tabIndex={0}>
        <table
          className={cn(
            "w-full table-fixed border-separate border-spacing-0.5 text-center text-[0.6875rem]",
            wideNames ? "min-w-220" : minWidth(columnLabels),
          )}
        >
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              <th scope="col" className={cn(NAMES, "text-muted", wideNames ? "w-24 sm:w-32" : "w-14")}>
                {corner}
              </th>
              {columnLabels.map((label, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two hours may have the same label
                <th key={column} scope="col" className="whitespace-pre-line font-normal text-muted">
                  {label.replace(", ", "\n")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.map((row, rowIndex) => (
              <tr key={rowLabels[rowIndex]}>
                <th
                  scope="row"
                  title={wideNames ? rowLabels[rowIndex] : undefined}
                  className={cn(NAMES, "truncate text-muted")}
                >
                  {rowLabels[rowIndex]}
                </th>
                {row.map((cell, column) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move, and labels may repeat
                    key={column}
                    title={cellTitle?.(rowIndex, column, cell.value)}
                    className={cn("h-7 rounded-sm text-ink", LEVELS[cell.level])}
                  >
                    <CellText
                      text={cell.value === null ? NO_VALUE : format(cell.value)}
                      href={cell.value ? hrefOf?.(rowIndex, column) : null}
                      label={cellTitle?.(rowIndex, column, cell.value)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <span
        aria-hidden
        className={cn(
          FADE,
          wideNames ? "left-24 sm:left-32" : "left-14",
          "bg-linear-to-r peer-data-before:opacity-100",
        )}
      />
      <span aria-hidden className={cn(FADE, "right-0 bg-linear-to-l peer-data-after:opacity-100")} />
    </div>
  );
}

/** Room for the longest label of a column: an hour, a time, or a date above a time. */
function minWidth(labels: readonly string[]): string {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  if (longest > 5) return "min-w-240";
  return longest > 2 ? "min-w-190" : "min-w-160";
}

function CellText({ text, href, label }: { text: string; href: string | null | undefined; label?: string }) {
  if (!href) return text;
  return (
    <Link href={href} aria-label={label} className="flex h-7 items-center justify-center rounded-sm hover:underline">
      {text}
    </Link>
  );
}
