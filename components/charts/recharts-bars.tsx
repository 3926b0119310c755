"use client";

import {
  Bar,
  BarChart,
  CartesianGrid,
  Rectangle,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCompact, formatNumber } from "~/components/ui/format";
import { AXIS, BucketTooltip, MARGIN, useTimeAxis } from "./parts";
import { capBuckets, MAX_BARS } from "./prepare/buckets";
import type { StackedBarsProps } from "./stacked-bars";

/** The drawing of `StackedBars`; loaded apart because Recharts is heavy. */
export default function RechartsBars<Key extends string>({
  buckets,
  series,
  height = 220,
  format = formatNumber,
  markers = [],
  onSelect,
}: StackedBarsProps<Key>) {
  const shown = capBuckets(buckets, { max: MAX_BARS, merge: "sum" });
  const axis = useTimeAxis(shown.map((bucket) => bucket.at));
  const rows = shown.map((bucket) => ({ at: bucket.at, unfinished: bucket.unfinished, ...bucket.values }));
  const bucketAt = (at: unknown) => shown.find((bucket) => bucket.at === at);
  const markerOf = (at: number) => shown.find((bucket) => at >= bucket.at && at < bucket.end)?.at;
  return (
    <ResponsiveContainer width="100%" height={height}>
      <BarChart
        data={rows}
        margin={MARGIN}
        barCategoryGap={rows.length > 80 ? 0.5 : "18%"}
        accessibilityLayer={false}
        onClick={(state) => {
          const bucket = bucketAt(Number(state.activeLabel));
          if (bucket) onSelect?.(bucket);
        }}
        style={{ cursor: onSelect ? "pointer" : undefined }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="at" {...AXIS} {...axis} interval="preserveStartEnd" minTickGap={24} />
        <YAxis {...AXIS} width={36} allowDecimals={false} tickFormatter={formatCompact} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--hover)", opacity: 0.7 }}
          content={({ active, label }) =>
            active ? <BucketTooltip bucket={bucketAt(label)} series={series} format={format} /> : null
          }
        />
        {series.map((one) => (
          <Bar
            key={one.key}
            dataKey={one.key}
            stackId="all"
            fill={one.color}
            isAnimationActive={false}
            shape={(props) => (
              <Rectangle
                {...props}
                {...((props.payload as { unfinished: boolean }).unfinished
                  ? { fillOpacity: 0.3, stroke: one.color, strokeDasharray: "2 2" }
                  : {})}
              />
            )}
          />
        ))}
        {markers.map((marker) => (
          <ReferenceLine
            key={`${marker.at}-${marker.label}`}
            x={markerOf(marker.at)}
            stroke="var(--accent)"
            strokeDasharray="3 3"
            label={{ value: marker.label, position: "insideTopLeft", fill: "var(--accent-ink)", fontSize: 11 }}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
