"use client";

import { useQuery } from "@tanstack/react-query";
import { ChartFrame } from "~/components/charts/chart-frame";
import { Heatmap } from "~/components/charts/heatmap";
import { groupColumns, HOUR_LABELS, prepareHeatmap, WEEKDAY_LABELS } from "~/components/charts/prepare/heatmap";
import { errorText } from "~/components/queries/load-error";
import type { TileQuery } from "~/components/queries/query-tile";
import { TileBoundary } from "~/components/queries/tile-boundary";
import { callErrorOf } from "~/components/trpc/app-error";
import { type RouterInputs, useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { formatCounted, formatDuration, formatInstant } from "~/components/ui/format";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import type { Performance } from "./series";
import { PUBLISH_TITLE, WEEK_TITLE } from "./tile-titles";
import { weekHours } from "./week-hours";

/** More columns than this are merged, because each cell needs room for its number. */
const MAX_COLUMNS = 24;
/** The limit if the header shows dates, which are wider than times. */
const MAX_DATED_COLUMNS = 21;
const DAY_MS = 86_400_000;

/** Returns the address of the executions of a time range in epoch ms. */
type HrefOf = (bucket: { at: number; end: number }) => string;

function stateOf({ data, error, refetch }: TileQuery<unknown>) {
  const hasFailed = data === undefined && Boolean(error);
  return {
    loading: data === undefined && !error,
    error: hasFailed ? { message: errorText(error), requestId: callErrorOf(error)?.requestId } : null,
    onRetry: () => void refetch(),
  };
}

/** Executions by weekday and hour, on the clock of the display zone. */
export function WeekHeatmap({
  input,
  range,
  link,
  refetchInterval,
}: {
  input: RouterInputs["analytics"]["summary"];
  /** The range of the counts, ISO; undefined while it is unknown. Hours outside the range are gaps, not zeros. */
  range: { from: string; to: string } | undefined;
  /** Returns the address of the executions of the range, narrowed by the given filters. */
  link: (more: Record<string, string>) => string;
  refetchInterval: number | false;
}) {
  const { zone } = useDisplayZone();
  const trpc = useTRPC();
  const query = useQuery(
    trpc.analytics.week.queryOptions({ ...input, timezone: zone }, { ...KEEP_PREVIOUS, refetchInterval }),
  );
  const counts = query.data?.counts ?? [];
  const coveredHours = range ? weekHours({ ...range, zone }) : null;
  const cells = counts
    .flatMap((hours, row) => hours.map((value, column) => ({ row, column, value })))
    .filter(({ row, column, value }) => value > 0 || coveredHours === null || coveredHours.has(row * 24 + column));
  const { matrix, max } = prepareHeatmap(cells, { rows: 7, columns: 24, missing: "gap" });
  const busiest = cells.find(({ value }) => value === max);
  const nameOf = (row: number, column: number) => `${WEEKDAY_LABELS[row]} ${HOUR_LABELS[column]}:00`;
  return (
    <TileBoundary title={WEEK_TITLE}>
      <ChartFrame
        title={WEEK_TITLE}
        description={
          <>
            Executions in this range by scheduled time, <ZoneLabel />. Click a number to open its executions.
          </>
        }
        summary={
          busiest && max > 0
            ? `Most: ${formatCounted(max, "execution")} at ${nameOf(busiest.row, busiest.column)}.`
            : ""
        }
        empty={query.data && max === 0 ? "No executions in this range." : undefined}
        {...stateOf(query)}
      >
        <Heatmap
          caption={WEEK_TITLE}
          corner="Day"
          matrix={matrix}
          rowLabels={WEEKDAY_LABELS}
          columnLabels={HOUR_LABELS}
          hrefOf={(row, column) => link({ weekday: String(row + 1), hour: String(column), zone })}
          cellTitle={(row, column, value) =>
            `${nameOf(row, column)}: ${value === null ? "not in this range" : formatCounted(value, "execution")}`
          }
        />
      </ChartFrame>
    </TileBoundary>
  );
}

/** How long the last attempts took, over time: slow publishes stand out even if they are few. */
export function PublishHeatmap({ query, hrefOf }: { query: TileQuery<Performance>; hrefOf: HrefOf }) {
  const zone = useDisplayZone();
  const { edges = [], publishEdgesMs = [], publishHeat = [] } = query.data ?? {};
  const spanMs = Date.parse(edges.at(-1) ?? "") - Date.parse(edges[0] ?? "");
  const isDated = spanMs > 2 * DAY_MS;
  const maxColumns = isDated ? MAX_DATED_COLUMNS : MAX_COLUMNS;
  const { groupOf, firsts } = groupColumns(Math.max(0, edges.length - 1), maxColumns);
  // The slowest row comes first, as on the axis of a chart.
  const limits = [...publishEdgesMs, Number.POSITIVE_INFINITY].toReversed();
  const cells = publishHeat.flatMap(({ at, counts }) => {
    const column = groupOf(edges.indexOf(at));
    return counts.map((value, index) => ({ row: limits.length - 1 - index, column, value }));
  });
  const { matrix, max } = prepareHeatmap(cells, { rows: limits.length, columns: firsts.length });
  const starts = firsts.map((first) => Date.parse(edges[first] ?? ""));
  const dateOf = (ms: number | undefined) => (ms === undefined ? null : formatInstant(ms, { ...zone, format: "date" }));
  // A range of 24 hours begins and ends at the same time of day, so each first column of a day has its date.
  const columns = starts.map((ms, index) =>
    formatInstant(ms, {
      ...zone,
      format: isDated || dateOf(ms) !== dateOf(starts[index - 1]) ? "short" : "time",
      precision: "minute",
    }),
  );
  const rows = limits.map((limit, index) =>
    Number.isFinite(limit) ? `≤ ${formatDuration(limit)}` : `> ${formatDuration(limits[index + 1] ?? 0)}`,
  );
  const busiest = cells.find(({ row, column }) => max > 0 && matrix[row]?.[column]?.value === max);
  return (
    <TileBoundary title={PUBLISH_TITLE}>
      <ChartFrame
        title={PUBLISH_TITLE}
        description={
          <>
            Executions by the duration of their last attempt, by scheduled time, <ZoneLabel />
          </>
        }
        summary={
          busiest
            ? `Most: ${formatCounted(max, "execution")} ${rows[busiest.row]} from ${columns[busiest.column]}.`
            : ""
        }
        empty={query.data && max === 0 ? "Nothing was published in this range." : undefined}
        {...stateOf(query)}
      >
        <Heatmap
          caption={PUBLISH_TITLE}
          corner="Duration"
          startAtEnd
          matrix={matrix}
          rowLabels={rows}
          columnLabels={columns}
          hrefOf={(_, column) => {
            const [at, end] = [edges[firsts[column] ?? 0], edges[firsts[column + 1] ?? edges.length - 1]];
            return at && end ? hrefOf({ at: Date.parse(at), end: Date.parse(end) }) : null;
          }}
          cellTitle={(row, column, value) =>
            `${rows[row]} from ${columns[column]}: ${formatCounted(value ?? 0, "execution")}`
          }
        />
      </ChartFrame>
    </TileBoundary>
  );
}
