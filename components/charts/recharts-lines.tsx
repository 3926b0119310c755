"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatDuration } from "~/components/ui/format";
import { AXIS, BucketTooltip, MARGIN, useTimeAxis } from "./parts";
import { type Bucket, capBuckets, MAX_POINTS } from "./prepare/buckets";
import { dotted, prepareLines } from "./prepare/lines";
import type { Series } from "./series";

/** A marker on the time axis: an edit, a pause. */
export interface ChartMarker {
  at: number;
  label: string;
}

export interface TimeLinesProps<Key extends string> {
  buckets: readonly Bucket<Key>[];
  series: readonly Series<Key>[];
  height?: number;
  /** Formats axis and tooltip; by default values are durations in ms. */
  format?: (value: number) => string;
  /** A light fill under each line. */
  area?: boolean;
  domain?: [number, number];
  /** A dashed line across: an objective, a limit. */
  target?: number;
  markers?: readonly ChartMarker[];
}

/** Renders `TimeLines` and `RatioLine`; loaded on demand because Recharts is large. */
export default function RechartsLines<Key extends string>({
  buckets,
  series,
  height = 220,
  format = formatDuration,
  area,
  domain,
  target,
  markers = [],
}: TimeLinesProps<Key>) {
  const shown = capBuckets(buckets, { max: MAX_POINTS, merge: "max" });
  const keys = series.map((one) => one.key);
  const points = prepareLines(shown, keys);
  const axis = useTimeAxis(shown.map((bucket) => bucket.at));
  // A point with gaps on both sides has no line; only a dot shows it.
  const alone = (index: number, key: Key) =>
    shown[index]?.values[key] !== null && !shown[index - 1]?.values[key] && !shown[index + 1]?.values[key];
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart data={points} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={["dataMin", "dataMax"]}
          {...AXIS}
          {...axis}
          interval="preserveStartEnd"
          minTickGap={24}
        />
        <YAxis {...AXIS} width={56} domain={domain ?? [0, "auto"]} tickFormatter={format} tickCount={5} />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--line-strong)" }}
          content={({ active, label }) =>
            active ? (
              <BucketTooltip bucket={shown.find((bucket) => bucket.at === label)} series={series} format={format} />
            ) : null
          }
        />
        {area
          ? series.map((one) => (
              <Area
                key={`${one.key}-area`}
                dataKey={one.key}
                fill={one.color}
                fillOpacity={0.1}
                stroke="none"
                isAnimationActive={false}
                activeDot={false}
              />
            ))
          : null}
        {series.map((one) => (
          <Line
            key={one.key}
            dataKey={one.key}
            stroke={one.color}
            strokeWidth={one.width ?? 2}
            dot={({ index = 0, cx, cy }) => (
              <circle key={index} cx={cx} cy={cy} r={alone(index, one.key) ? 2.5 : 0} fill={one.color} />
            )}
            activeDot={{ r: 3 }}
            isAnimationActive={false}
          />
        ))}
        {series.map((one) => (
          <Line
            key={dotted(one.key)}
            dataKey={dotted(one.key)}
            stroke={one.color}
            strokeWidth={one.width ?? 2}
            strokeDasharray="1 4"
            strokeLinecap="round"
            dot={false}
            activeDot={{ r: 3 }}
            isAnimationActive={false}
          />
        ))}
        {target === undefined ? null : (
          <ReferenceLine
            y={target}
            stroke="var(--muted)"
            strokeDasharray="5 4"
            label={{
              value: `target ${format(target)}`,
              position: "insideTopRight",
              fill: "var(--muted)",
              fontSize: 11,
            }}
          />
        )}
        {markers.map((marker) => (
          <ReferenceLine
            key={`${marker.at}-${marker.label}`}
            x={marker.at}
            stroke="var(--accent)"
            strokeDasharray="3 3"
            label={{ value: marker.label, position: "insideTopLeft", fill: "var(--accent-ink)", fontSize: 11 }}
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
