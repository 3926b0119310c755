"use client";

import { useMemo } from "react";
import { formatInstant, formatZone } from "~/components/ui/format";
import { useDisplayZone } from "~/components/ui/time";
import { Swatch } from "./pattern";
import { type Bucket, bucketNote } from "./prepare/buckets";
import { axisTicks, formatTick } from "./prepare/ticks";
import type { Series } from "./series";

export const AXIS = {
  tick: { fill: "var(--subtle)", fontSize: 11 },
  tickLine: false,
  axisLine: false,
} as const;

export const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 } as const;

/** Ticks of the time axis and their labels, in the display zone. */
export function useTimeAxis(starts: readonly number[]) {
  const { zone, hour12 } = useDisplayZone();
  return useMemo(() => {
    const spanMs = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
    return {
      ticks: axisTicks(starts, { zone }),
      tickFormatter: (at: number) => formatTick(at, { zone, hour12, spanMs }),
    };
  }, [starts, zone, hour12]);
}

/** The tooltip of a bucket: its time with the zone, its note and marker, and each known value that is not zero. */
export function BucketTooltip<Key extends string>({
  bucket,
  series,
  format,
  marker,
}: {
  bucket: Bucket<Key> | undefined;
  series: readonly Series<Key>[];
  format: (value: number) => string;
  marker?: string;
}) {
  const { zone, hour12 } = useDisplayZone();
  if (!bucket) return null;
  const timeOptions = { zone, hour12, precision: "minute" } as const;
  const note = bucketNote(bucket);
  const known = series.filter((one) => bucket.values[one.key] !== null);
  const shown = known.filter((one) => bucket.values[one.key] !== 0);
  return (
    <div className="rounded-lg bg-raised px-3 py-2 text-ink text-xs shadow-pop">
      <p className="font-medium">
        {formatInstant(bucket.at, { ...timeOptions, format: "short" })} –{" "}
        {formatInstant(bucket.end, { ...timeOptions, format: "time" })}
      </p>
      <p className="text-subtle">
        {formatZone(bucket.at, zone)}
        {note ? ` · ${note}` : ""}
      </p>
      {marker ? <p className="mt-1 text-accent-ink">{marker}</p> : null}
      {known.length === 0 ? <p className="mt-1 text-muted">No data</p> : null}
      {known.length > 0 && shown.length === 0 ? <p className="mt-1 text-muted">None</p> : null}
      {shown.toReversed().map((one) => (
        <p key={one.key} className="mt-1 flex items-center justify-between gap-4">
          <span className="flex items-center gap-1.5 text-muted">
            <Swatch color={one.color} pattern={one.pattern} />
            {one.label}
          </span>
          <span className="font-medium">{format(bucket.values[one.key] ?? 0)}</span>
        </p>
      ))}
    </div>
  );
}
