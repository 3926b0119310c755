export interface Ranked<Row> {
  shown: Row[];
  /** "top 10 of 42"; empty when nothing was left out. */
  note: string;
  /** The sum of the given rows that are not shown. */
  restValue: number;
}

/** The `count` largest rows, and a note about the rest. `total`: the number of all rows, if the server omitted some. */
export function topOf<Row extends { value: number }>(
  rows: readonly Row[],
  { count, total = rows.length }: { count: number; total?: number },
): Ranked<Row> {
  const sorted = rows.toSorted((a, b) => b.value - a.value);
  const shown = sorted.slice(0, count);
  const restValue = sorted.slice(count).reduce((sum, row) => sum + row.value, 0);
  return { shown, restValue, note: total > shown.length ? `top ${shown.length} of ${total}` : "" };
}
