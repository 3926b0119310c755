"use client";

import { useState } from "react";
import { formatCompact, formatNumber } from "~/components/ui/format";
import { BarAxes } from "./bar-axes";
import { BucketTooltip } from "./parts";
import { type Bucket, capBuckets, MAX_BARS } from "./prepare/buckets";
import { countTicks } from "./prepare/scale";
import type { Series } from "./series";

export interface StackedBarsProps<Key extends string> {
  buckets: readonly Bucket<Key>[];
  /** From the axis up. */
  series: readonly Series<Key>[];
  height?: number;
  format?: (value: number) => string;
  /** Called on a click: narrow the range, open the rows. */
  onSelect?: (bucket: Bucket<Key>) => void;
}

const AXIS_HEIGHT = 30;
const TOP = 8;

/**
 * Stacked counts per bucket; more than 300 buckets are merged, the unfinished one is dotted. Use inside `ChartFrame`.
 * Rendered without a chart library, so that the overview has it in the server's HTML.
 */
export function StackedBars<Key extends string>({
  buckets,
  series,
  height = 220,
  format = formatNumber,
  onSelect,
}: StackedBarsProps<Key>) {
  const shown = capBuckets(buckets, { max: MAX_BARS, merge: "sum" });
  const [at, setAt] = useState<number | null>(null);
  const pointed = at === null ? undefined : shown[at];
  const ticks = countTicks(Math.max(0, ...shown.map((bucket) => sumOf(bucket, series))));
  const top = ticks.at(-1) ?? 1;
  const place = at === null ? 0 : ((at + 0.5) / shown.length) * 100;
  return (
    <div aria-hidden className="relative pl-9 pr-2" style={{ height, paddingTop: TOP, paddingBottom: AXIS_HEIGHT }}>
      <div className="relative h-full">
        <BarAxes starts={shown.map((bucket) => bucket.at)} counts={ticks.map((tick) => formatCompact(tick))} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the table has the same links */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
        <div
          className="absolute inset-0"
          style={{ cursor: onSelect ? "pointer" : undefined }}
          onPointerMove={({ clientX, currentTarget }) => {
            const { left, width } = currentTarget.getBoundingClientRect();
            const index = Math.floor(((clientX - left) / width) * shown.length);
            setAt(Math.max(0, Math.min(shown.length - 1, index)));
          }}
          onPointerLeave={() => setAt(null)}
          onClick={() => pointed && onSelect?.(pointed)}
        >
          <svg
            aria-hidden
            className="absolute inset-0 size-full"
            viewBox={`0 0 ${Math.max(1, shown.length)} ${top}`}
            preserveAspectRatio="none"
          >
            {at === null ? null : <rect x={at} y={0} width={1} height={top} fill="var(--hover)" opacity={0.7} />}
            {shown.map((bucket, index) => (
              <Bar key={bucket.at} bucket={bucket} series={series} x={index} top={top} many={shown.length > 80} />
            ))}
          </svg>
        </div>
        {pointed ? (
          <div
            className="pointer-events-none absolute top-1 z-10 w-max max-w-64"
            style={place > 50 ? { right: `calc(${100 - place}% + 12px)` } : { left: `calc(${place}% + 12px)` }}
          >
            <BucketTooltip bucket={pointed} series={series} format={format} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function sumOf<Key extends string>(bucket: Bucket<Key>, series: readonly Series<Key>[]): number {
  return series.reduce((sum, one) => sum + (bucket.values[one.key] ?? 0), 0);
}

/** The bars of one bucket; one unit is a bucket wide and a count high. */
function Bar<Key extends string>({
  bucket,
  series,
  x,
  top,
  many,
}: {
  bucket: Bucket<Key>;
  series: readonly Series<Key>[];
  x: number;
  top: number;
  many: boolean;
}) {
  const gap = many ? 0.06 : 0.18;
  let base = 0;
  return series.map(({ key, color }) => {
    const value = bucket.values[key] ?? 0;
    if (value === 0) return null;
    base += value;
    const unfinished = { fillOpacity: 0.3, stroke: color, strokeDasharray: "2 2", vectorEffect: "non-scaling-stroke" };
    return (
      <rect
        key={key}
        x={x + gap / 2}
        y={top - base}
        width={1 - gap}
        height={value}
        fill={color}
        {...(bucket.unfinished ? unfinished : {})}
      />
    );
  });
}
