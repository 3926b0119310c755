"use client";

import dynamic from "next/dynamic";
import { formatRatio } from "~/components/ui/format";
import { Skeleton } from "~/components/ui/skeleton";
import type { Bucket } from "./prepare/buckets";
import { ratioDomain } from "./prepare/lines";
import type { ChartMarker, TimeLinesProps } from "./recharts-lines";

const Drawing = dynamic(() => import("./recharts-lines"), {
  ssr: false,
  loading: () => <Skeleton className="h-55 w-full" />,
});

/** Lines over time. Missing data is a gap, the unfinished bucket is dotted. Use inside `ChartFrame`. */
export function TimeLines<Key extends string>({ height = 220, ...props }: TimeLinesProps<Key>) {
  return (
    <div aria-hidden style={{ height }}>
      <Drawing height={height} {...(props as unknown as TimeLinesProps<string>)} />
    </div>
  );
}

/** A ratio (0 to 1) over time, with its target. */
export function RatioLine({
  buckets,
  target,
  label,
  height,
  markers,
}: {
  buckets: readonly Bucket<"ratio">[];
  target: number;
  label: string;
  height?: number;
  markers?: readonly ChartMarker[];
}) {
  return (
    <TimeLines
      buckets={buckets}
      series={[{ key: "ratio", label, color: "var(--outcome-succeeded)" }]}
      domain={ratioDomain(
        buckets.map((bucket) => bucket.values.ratio),
        target,
      )}
      format={formatRatio}
      target={target}
      area
      height={height}
      markers={markers}
    />
  );
}
