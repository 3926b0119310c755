import { cn } from "~/components/ui/cn";
import { formatCompact } from "~/components/ui/format";
import type { HeatmapCell } from "./prepare/heatmap";

// Text contrast is at least 4.5:1 on the strongest of these in both themes.
const LEVELS = [
  "bg-sunken text-subtle",
  "bg-accent/10",
  "bg-accent/20",
  "bg-accent/30",
  "bg-accent/40",
  "bg-accent/50",
];

/** A table with shaded cells. Each cell shows its number, a gap shows a dash. */
export function Heatmap({
  caption,
  matrix,
  rowLabels,
  columnLabels,
  corner,
  format = formatCompact,
  cellTitle,
}: {
  caption: string;
  matrix: readonly (readonly HeatmapCell[])[];
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  /** Names the axis of rows: "Day". */
  corner: string;
  format?: (value: number) => string;
  cellTitle?: (row: number, column: number, value: number | null) => string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard (WCAG 2.1.1)
    <div className="relative overflow-x-auto" tabIndex={0}>
      <table className="w-full min-w-160 table-fixed border-separate border-spacing-0.5 text-center text-[0.6875rem]">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="w-12 text-left font-normal text-muted">
              {corner}
            </th>
            {columnLabels.map((label) => (
              <th key={label} scope="col" className="font-normal text-muted">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, rowIndex) => (
            <tr key={rowLabels[rowIndex]}>
              <th scope="row" className="text-left font-normal text-muted">
                {rowLabels[rowIndex]}
              </th>
              {row.map((cell, column) => (
                <td
                  key={columnLabels[column]}
                  title={cellTitle?.(rowIndex, column, cell.value)}
                  className={cn("h-7 rounded-sm text-ink", LEVELS[cell.level])}
                >
                  {cell.value === null ? "–" : format(cell.value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
