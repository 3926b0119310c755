import { type HeatmapCell, prepareHeatmap } from "~/components/charts/prepare/heatmap";
import { zoneOffsetMs } from "~/components/ui/format";
import type { UpcomingLoad } from "./words";

/** Maximum number of columns, because a cell needs room for its number. */
const MAX_COLUMNS = 25;
const MINUTE_MS = 60_000;
/** The widths that a column may have. Columns begin at multiples of their width in local time. */
const WIDTHS_MS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880].map((minutes) => minutes * MINUTE_MS);

/** The firings of each tag over time: rows as `load.tags`, and the times of the columns, epoch ms. */
export function tagHeat(
  load: Pick<UpcomingLoad, "buckets" | "tags" | "from" | "to" | "bucketSeconds">,
  zone: string,
): { matrix: HeatmapCell[][]; columns: { at: number; end: number }[] } {
  const spanMs = Date.parse(load.to) - Date.parse(load.from);
  // A range that begins between round times touches one more column than it fills.
  const widthMs = WIDTHS_MS.find(
    (width) => width >= load.bucketSeconds * 1000 && Math.ceil(spanMs / width) < MAX_COLUMNS,
  );
  const starts = load.buckets.map(({ at }) => Date.parse(at));
  const columnNumberOf = (at: number) =>
    Math.floor((at + zoneOffsetMs(at, zone)) / (widthMs ?? (WIDTHS_MS.at(-1) as number)));
  // The index of the first bucket of each column.
  const firsts = starts.flatMap((at, index) =>
    index === 0 || columnNumberOf(at) !== columnNumberOf(starts[index - 1] as number) ? [index] : [],
  );
  const cells = load.buckets.flatMap(({ tags }, bucket) => {
    const column = firsts.findLastIndex((first) => first <= bucket);
    return tags.map((value, row) => ({ row, column, value }));
  });
  const { matrix } = prepareHeatmap(cells, { rows: load.tags.length, columns: firsts.length });
  const columns = firsts.map((first, column) => ({
    at: Math.max(starts[first] as number, Date.parse(load.from)),
    end: starts[firsts[column + 1] ?? starts.length] ?? Date.parse(load.to),
  }));
  return { matrix, columns };
}
