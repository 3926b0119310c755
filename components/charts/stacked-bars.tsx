"use client";

import { type PointerEvent, useId, useRef, useState } from "react";
import { formatCompact, formatNumber } from "~/components/ui/format";
import { BarAxes } from "./bar-axes";
import { BucketTooltip } from "./parts";
import { FillDefinition } from "./pattern";
import { brushedRange } from "./prepare/brush";
import { type Bucket, capBuckets, MAX_BARS } from "./prepare/buckets";
import { type ChartMarker, labelsIn, markedBuckets } from "./prepare/markers";
import { countTicks } from "./prepare/scale";
import type { Series } from "./series";
import { useWidth } from "./use-width";

export interface StackedBarsProps<Key extends string> {
  buckets: readonly Bucket<Key>[];
  /** From the axis up. */
  series: readonly Series<Key>[];
  height?: number;
  format?: (value: number) => string;
  /** Called on a click, for example to narrow the range or to open the rows. */
  onSelect?: (bucket: Bucket<Key>) => void;
  /** Called after a drag across bars, with the range of whole bars, epoch ms. */
  onBrush?: (range: { from: number; to: number }) => void;
  /** A dashed horizontal line with its label. Left out if it is far above the bars. */
  reference?: { value: number; label: string };
  /** Dashed vertical lines at the buckets of these times. Their labels are in the tooltip. */
  markers?: readonly ChartMarker[];
}

/** A reference above this multiple of the highest bar is left out, because it would flatten the bars. */
const MAX_REFERENCE_RATIO = 2;

/** A bar that is lower or narrower than this is plain, because a pattern would hide the colour. */
export const MIN_PATTERN_PX = 6;
/** While the width is unknown, bars have patterns in a chart of at most this many buckets. */
const MAX_PATTERNED_BARS = 100;
const AXIS_HEIGHT_PX = 30;
const TOP_PADDING_PX = 8;

/**
 * Stacked counts per bucket. Use inside `ChartFrame`. Drawn without a chart library, so that the server's HTML contains
 * the chart.
 */
export function StackedBars<Key extends string>({
  buckets,
  series,
  height = 220,
  format = formatNumber,
  onSelect,
  onBrush,
  reference,
  markers = [],
}: StackedBarsProps<Key>) {
  const shown = capBuckets(buckets, { max: MAX_BARS, merge: "sum" });
  const id = useId();
  const { ref, width } = useWidth();
  const [hoveredIndex, setHoveredIndex] = useState<number | null>(null);
  const [dragFrom, setDragFrom] = useState<number | null>(null);
  // The click that ends a drag must not select a bar.
  const hasBrushed = useRef(false);
  const indexAt = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(shown.length - 1, Math.floor(((clientX - left) / width) * shown.length)));
  };
  const endDrag = (event: PointerEvent<HTMLElement>) => {
    const ends = [dragFrom ?? 0, indexAt(event)] as const;
    const range = dragFrom === null || ends[0] === ends[1] ? null : brushedRange(shown, ends);
    setDragFrom(null);
    hasBrushed.current = range !== null;
    if (range !== null) onBrush?.(range);
  };
  const hovered = hoveredIndex === null ? undefined : shown[hoveredIndex];
  const highest = Math.max(0, ...shown.map((bucket) => sumOf(bucket, series)));
  const line = reference && reference.value > 0 && reference.value <= MAX_REFERENCE_RATIO * highest ? reference : null;
  const ticks = countTicks(Math.max(highest, line?.value ?? 0));
  const topCount = ticks.at(-1) ?? 1;
  const isThin = width === null ? shown.length > MAX_PATTERNED_BARS : width / shown.length < MIN_PATTERN_PX;
  const hoveredPercent = hoveredIndex === null ? 0 : ((hoveredIndex + 0.5) / shown.length) * 100;
  return (
    <div
      aria-hidden
      // Fills the frame, which a neighbour in its row may make higher than the drawing.
      className="relative flex flex-1 flex-col pr-2 pl-9"
      style={{ minHeight: height, paddingTop: TOP_PADDING_PX, paddingBottom: AXIS_HEIGHT_PX }}
    >
      <div ref={ref} className="relative flex-1">
        <BarAxes starts={shown.map((bucket) => bucket.at)} counts={ticks.map((tick) => formatCompact(tick))} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: pointer only; the table view has the same links */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
        <div
          className="absolute inset-0"
          style={{ cursor: onSelect ? "pointer" : undefined, touchAction: onBrush ? "pan-y" : undefined }}
          onPointerDown={(event) => {
            if (!onBrush || event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            hasBrushed.current = false;
            setDragFrom(indexAt(event));
          }}
          onPointerMove={(event) => setHoveredIndex(indexAt(event))}
          onPointerUp={endDrag}
          onPointerCancel={() => setDragFrom(null)}
          onPointerLeave={() => setHoveredIndex(null)}
          onClick={() => !hasBrushed.current && hovered && onSelect?.(hovered)}
        >
          {/* Placed in percent: a scaled view box would distort the patterns. */}
          <svg aria-hidden className="absolute inset-0 size-full">
            <defs>
              {series.map(({ key, color, pattern }, index) => (
                // The id contains the index, because a key may have characters that `url(#…)` does not allow.
                <FillDefinition key={key} id={`${id}-${index}`} color={color} pattern={pattern} />
              ))}
            </defs>
            {hoveredIndex === null || dragFrom === null || hoveredIndex === dragFrom ? null : (
              <rect
                x={percent(Math.min(hoveredIndex, dragFrom), shown.length)}
                y={0}
                width={percent(Math.abs(hoveredIndex - dragFrom) + 1, shown.length)}
                height="100%"
                fill="var(--accent)"
                opacity={0.18}
              />
            )}
            {hoveredIndex === null ? null : (
              <rect
                x={percent(hoveredIndex, shown.length)}
                y={0}
                width={percent(1, shown.length)}
                height="100%"
                fill="var(--hover)"
                opacity={0.7}
              />
            )}
            {shown.map((bucket, index) => (
              <BucketBars
                key={bucket.at}
                bucket={bucket}
                series={series}
                fillIdPrefix={id}
                index={index}
                bucketCount={shown.length}
                topCount={topCount}
                plotHeightPx={height - TOP_PADDING_PX - AXIS_HEIGHT_PX}
                isThin={isThin}
              />
            ))}
          </svg>
        </div>
        {line ? (
          <div
            className="pointer-events-none absolute inset-x-0 border-muted border-t border-dashed"
            style={{ bottom: `${(100 * line.value) / topCount}%` }}
          >
            <span className="absolute right-0 bottom-1 rounded bg-surface/85 px-1 text-[11px] text-muted leading-4">
              {line.label}
            </span>
          </div>
        ) : null}
        {markedBuckets(shown, markers).map((bucket) => (
          <div
            key={bucket.at}
            className="pointer-events-none absolute inset-y-0 border-warning border-l-2 border-dashed"
            style={{ left: `${(100 * shown.indexOf(bucket)) / shown.length}%` }}
          />
        ))}
        {hovered ? (
          <div
            className="pointer-events-none absolute top-1 z-10 w-max max-w-64"
            style={
              hoveredPercent > 50
                ? { right: `calc(${100 - hoveredPercent}% + 12px)` }
                : { left: `calc(${hoveredPercent}% + 12px)` }
            }
          >
            <BucketTooltip bucket={hovered} series={series} format={format} marker={labelsIn(hovered, markers)} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function sumOf<Key extends string>(bucket: Bucket<Key>, series: readonly Series<Key>[]): number {
  return series.reduce((sum, one) => sum + (bucket.values[one.key] ?? 0), 0);
}

const percent = (part: number, whole: number) => `${(100 * part) / Math.max(1, whole)}%`;

function BucketBars<Key extends string>({
  bucket,
  series,
  fillIdPrefix,
  index,
  bucketCount,
  topCount,
  plotHeightPx,
  isThin,
}: {
  bucket: Bucket<Key>;
  series: readonly Series<Key>[];
  fillIdPrefix: string;
  index: number;
  bucketCount: number;
  topCount: number;
  plotHeightPx: number;
  isThin: boolean;
}) {
  // The share of a bucket's width that stays empty. Gaps between thin bars would look like a pattern.
  const gap = isThin ? 0 : bucketCount > 80 ? 0.06 : 0.18;
  let base = 0;
  return series.map(({ key, color }, seriesIndex) => {
    const value = bucket.values[key] ?? 0;
    if (value === 0) return null;
    base += value;
    const unfinishedStyle = { fillOpacity: 0.3, stroke: color, strokeDasharray: "2 2" };
    return (
      <rect
        key={key}
        x={percent(index + gap / 2, bucketCount)}
        y={percent(topCount - base, topCount)}
        width={percent(1 - gap, bucketCount)}
        height={percent(value, topCount)}
        shapeRendering={isThin ? "crispEdges" : undefined}
        fill={
          isThin || (plotHeightPx * value) / topCount < MIN_PATTERN_PX ? color : `url(#${fillIdPrefix}-${seriesIndex})`
        }
        {...(bucket.isUnfinished ? unfinishedStyle : {})}
      />
    );
  });
}
