"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "~/components/ui/skeleton";
import type { Bucket } from "./prepare/buckets";
import type { Series } from "./series";

/** A moment worth a mark on the time line: an edit, a pause. */
export interface ChartMarker {
  at: number;
  label: string;
}

export interface StackedBarsProps<Key extends string> {
  buckets: readonly Bucket<Key>[];
  /** From the axis up. */
  series: readonly Series<Key>[];
  height?: number;
  format?: (value: number) => string;
  markers?: readonly ChartMarker[];
  /** A click on a bucket: narrow the range, open its rows. */
  onSelect?: (bucket: Bucket<Key>) => void;
}

const Drawing = dynamic(() => import("./recharts-bars"), {
  ssr: false,
  loading: () => <Skeleton className="h-55 w-full" />,
});

/** Counts per bucket, stacked. More than 300 buckets are merged; the unfinished one is dotted. Inside `ChartFrame`. */
export function StackedBars<Key extends string>({ height = 220, ...props }: StackedBarsProps<Key>) {
  return (
    <div aria-hidden style={{ height }}>
      <Drawing height={height} {...(props as unknown as StackedBarsProps<string>)} />
    </div>
  );
}
