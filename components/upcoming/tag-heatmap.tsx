"use client";

import { ChartFrame } from "~/components/charts/chart-frame";
import { Heatmap } from "~/components/charts/heatmap";
import { formatInstant } from "~/components/ui/format";
import { useDisplayZone, ZoneLabel } from "~/components/ui/time";
import { LoadGrouping, type LoadGroupingProps } from "./load-grouping";
import { tagHeat } from "./tag-heat";
import { countedFirings, formatFirings, type UpcomingLoad } from "./words";

/** For a longer range, the column labels have the date. */
const MAX_SPAN_WITHOUT_DATES_MS = 2 * 86_400_000;

/** The expected firings by tag and time. Not stacked, because a firing counts in each tag of its schedule. */
export function TagHeatmap({
  load,
  refreshing,
  by,
  hrefOf,
}: {
  load: UpcomingLoad;
  refreshing: boolean;
  by: LoadGroupingProps;
  /** The page for a tag and a range, epoch ms. */
  hrefOf: (tag: string, range: { from: number; to: number }) => string;
}) {
  const zone = useDisplayZone();
  const { matrix, columns } = tagHeat(load, zone.zone);
  const format = Date.parse(load.to) - Date.parse(load.from) > MAX_SPAN_WITHOUT_DATES_MS ? "short" : "time";
  const columnLabels = columns.map(({ at }) => formatInstant(at, { ...zone, format, precision: "minute" }));
  const names = load.tags.map(({ tag }) => tag || "No tag");
  const [busiest] = load.tags;
  return (
    <ChartFrame
      title="Expected firings by tag"
      description={
        <>
          <ZoneLabel />. A firing counts in each tag of its schedule. Click a number to open its time and tag.
        </>
      }
      summary={busiest ? `Most: ${countedFirings(busiest.firings)} of ${names[0]}.` : ""}
      refreshing={refreshing}
      // The previous answer, which is shown while a new answer loads, has no tags if it was grouped by topic.
      loading={refreshing && load.tags.length === 0}
      empty={load.tags.length === 0 ? "No schedule fires in this range." : undefined}
      actions={<LoadGrouping {...by} />}
      height={260}
    >
      <Heatmap
        caption="Expected firings by tag"
        corner="Tag"
        wideNames
        matrix={matrix}
        rowLabels={names}
        columnLabels={columnLabels}
        format={formatFirings}
        cellTitle={(row, column, value) => `${names[row]} from ${columnLabels[column]}: ${countedFirings(value ?? 0)}`}
        hrefOf={(row, column) => {
          const tag = load.tags[row]?.tag;
          const range = columns[column];
          return tag && range ? hrefOf(tag, { from: range.at, to: range.end }) : null;
        }}
      />
    </ChartFrame>
  );
}
