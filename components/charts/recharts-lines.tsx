"use client";

import {
  Area,
  CartesianGrid,
  ComposedChart,
  DefaultZIndexes,
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
import { alone, dotted, durationTicks, linearTicks, prepareLines } from "./prepare/lines";
import { type ChartMarker, labelsIn, markedBuckets } from "./prepare/markers";
import type { Series } from "./series";

export interface TimeLinesProps<Key extends string> {
  buckets: readonly Bucket<Key>[];
  series: readonly Series<Key>[];
  /** Formats axis and tooltip; by default values are durations in ms. */
  format?: (value: number) => string;
  area?: boolean;
  /** For durations that span many orders of magnitude. Values below 1 ms are drawn at 1 ms. */
  isLogarithmic?: boolean;
  /** A dashed horizontal line, such as an objective or a limit. Its label is at the end by default. */
  target?: { value: number; label: string; labelAtStart?: boolean };
  /** Called on a click, for example to narrow the range or to open the rows. */
  onSelect?: (bucket: Bucket<Key>) => void;
  /** Dashed vertical lines at the buckets of these times. Their labels are in the tooltip. */
  markers?: readonly ChartMarker[];
}

/** Renders `TimeLines`. Loaded on demand, because Recharts is large. */
export default function RechartsLines<Key extends string>({
  buckets,
  series,
  format = formatDuration,
  area,
  isLogarithmic,
  target,
  markers = [],
  onSelect,
}: TimeLinesProps<Key>) {
  const shown = capBuckets(buckets, { max: MAX_POINTS, merge: "max" });
  const keys = series.map((one) => one.key);
  const values = shown.flatMap((bucket) => keys.map((key) => bucket.values[key]));
  const linear = linearTicks(values, target?.value ?? 0);
  const drawn = inDrawingOrder(series);
  const ticks = durationTicks(values, target?.value ?? 0);
  const points = prepareLines(isLogarithmic ? shown.map(raisedToOne) : shown, keys);
  const axis = useTimeAxis(shown.map((bucket) => bucket.at));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={points}
        margin={MARGIN}
        accessibilityLayer={false}
        style={onSelect ? { cursor: "pointer" } : undefined}
        onClick={({ activeLabel }) => {
          const bucket = shown.find(({ at }) => at === Number(activeLabel));
          if (bucket) onSelect?.(bucket);
        }}
      >
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
        {isLogarithmic ? (
          <YAxis
            {...AXIS}
            width={56}
            scale="log"
            domain={[1, ticks.at(-1) ?? 10]}
            ticks={ticks}
            interval={0}
            tickFormatter={format}
          />
        ) : (
          <YAxis {...AXIS} width={56} domain={[0, linear.at(-1) || 1]} ticks={linear} tickFormatter={format} />
        )}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--line-strong)" }}
          content={({ active, label }) => {
            const bucket = active ? shown.find(({ at }) => at === label) : undefined;
            if (bucket === undefined) return null;
            return <BucketTooltip bucket={bucket} series={series} format={format} marker={labelsIn(bucket, markers)} />;
          }}
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
        {drawn.map((one) => (
          <Line
            key={one.key}
            dataKey={one.key}
            stroke={one.color}
            strokeWidth={one.width ?? 2}
            strokeDasharray={one.dash}
            dot={false}
            activeDot={{ r: 3 }}
            isAnimationActive={false}
          />
        ))}
        {drawn.map((one) => (
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
        {drawn.map((one, index) => (
          <Line
            key={alone(one.key)}
            dataKey={alone(one.key)}
            stroke="none"
            // Equal values are drawn as rings.
            dot={{ r: 2.5 + drawn.length - 1 - index, fill: one.color, stroke: "none" }}
            activeDot={false}
            isAnimationActive={false}
          />
        ))}
        {markedBuckets(shown, markers).map(({ at }) => (
          <ReferenceLine key={at} x={at} stroke="var(--warning)" strokeWidth={2} strokeDasharray="4 3" />
        ))}
        {target === undefined ? null : (
          <ReferenceLine
            y={target.value}
            stroke="var(--muted)"
            strokeDasharray="5 4"
            // Above the markers, so that its label covers them.
            zIndex={DefaultZIndexes.line + 1}
            label={({ viewBox }) => <TargetLabel box={viewBox} text={target.label} atStart={target.labelAtStart} />}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** Keeps the box of the label away from the target line. */
const LABEL_GAP_PX = 9;
const LABEL_FONT_PX = 11;
const LABEL_INSET_PX = 10;
/** The mean width of a character. */
const LABEL_CHAR_PX = 6;

/**
 * The label of the target line, below the line if there is no room above. A box in the colour of the surface keeps the
 * label readable where other lines cross it.
 */
function TargetLabel({ box, text, atStart = false }: { box?: unknown; text: string; atStart?: boolean }) {
  const { x = 0, y = 0, width = 0 } = (box ?? {}) as { x?: number; y?: number; width?: number };
  const hasRoomAbove = y - LABEL_GAP_PX - LABEL_FONT_PX >= 0;
  const baseline = hasRoomAbove ? y - LABEL_GAP_PX : y + LABEL_GAP_PX + LABEL_FONT_PX;
  const boxWidth = text.length * LABEL_CHAR_PX;
  const start = atStart ? x + LABEL_INSET_PX : x + width - LABEL_INSET_PX - boxWidth;
  return (
    <>
      <rect x={start} y={baseline - LABEL_FONT_PX} width={boxWidth} height={LABEL_FONT_PX + 4} fill="var(--surface)" />
      <text
        x={atStart ? start : start + boxWidth}
        y={baseline}
        textAnchor={atStart ? "start" : "end"}
        fontSize={LABEL_FONT_PX}
        fill="var(--muted)"
      >
        {text}
      </text>
    </>
  );
}

/** Wide lines first and dashed lines last, so that each line is visible where all have the same value. */
function inDrawingOrder<Key extends string>(series: readonly Series<Key>[]): Series<Key>[] {
  const isDashed = ({ dash }: Series<Key>) => Number(dash !== undefined);
  return series.toReversed().toSorted((a, b) => isDashed(a) - isDashed(b) || (b.width ?? 2) - (a.width ?? 2));
}

/** The bucket with values of at least 1, because a logarithmic axis has no zero. */
const raisedToOne = <Key extends string>(bucket: Bucket<Key>): Bucket<Key> => ({
  ...bucket,
  values: Object.fromEntries(
    Object.entries<number | null>(bucket.values).map(([key, value]) => [
      key,
      value === null ? null : Math.max(1, value),
    ]),
  ) as Bucket<Key>["values"],
});
