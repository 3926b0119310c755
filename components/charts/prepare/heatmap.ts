export interface HeatmapValue {
  row: number;
  column: number;
  value: number;
}

export interface HeatmapCell {
  /** Null: unknown. */
  value: number | null;
  /** 0 for zero or unknown, 1..5 by the share of the largest value. */
  level: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Makes a matrix of sparse cells. Cells outside the matrix are dropped; missing cells are gaps or zeros. */
export function prepareHeatmap(
  cells: readonly HeatmapValue[],
  { rows, columns, missing = "zero" }: { rows: number; columns: number; missing?: "gap" | "zero" },
): { matrix: HeatmapCell[][]; max: number } {
  const absent = missing === "zero" ? 0 : null;
  const values: (number | null)[][] = Array.from({ length: rows }, () => Array.from({ length: columns }, () => absent));
  for (const cell of cells) {
    const row = values[cell.row];
    if (row && cell.column >= 0 && cell.column < columns) row[cell.column] = (row[cell.column] ?? 0) + cell.value;
  }
  const max = Math.max(0, ...values.flat().map((value) => value ?? 0));
  const levelOf = (value: number | null) =>
    value === null || value <= 0 ? 0 : (Math.max(1, Math.ceil((5 * value) / max)) as HeatmapCell["level"]);
  return { matrix: values.map((row) => row.map((value) => ({ value, level: levelOf(value) }))), max };
}

/** The index is ClickHouse's `toDayOfWeek` minus one. */
export const WEEKDAY_LABELS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
export const HOUR_LABELS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

/** Merges neighbouring columns into at most `maxGroups` groups. `firsts`: the first column of each group. */
export function groupColumns(
  columns: number,
  maxGroups: number,
): { groupOf: (column: number) => number; firsts: number[] } {
  const size = Math.max(1, Math.ceil(columns / maxGroups));
  const groups = Math.ceil(columns / size);
  return {
    groupOf: (column) => Math.floor(column / size),
    firsts: Array.from({ length: groups }, (_, group) => group * size),
  };
}
